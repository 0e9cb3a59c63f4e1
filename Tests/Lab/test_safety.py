"""Markup in data, in names and in errors stays text."""

import pytest

ATTACK = '<img src=x onerror="window.attacked=1">'
NAMED = "<img src=x onerror=window.attacked=1>"
SCRIPT = "</script><script>window.attacked=1</script>"


def is_inert(lab):
    lab.page.wait_for_timeout(500)
    assert lab.page.evaluate("() => window.attacked") is None
    # .jp-OutputArea img of plots have a data: address; what an attack makes has none.
    planted = ".jp-OutputArea img[onerror], .jp-OutputArea img[src='x'], .jp-OutputArea script"
    assert lab.page.locator(planted).count() == 0


def write_table(lab):
    quoted = ATTACK.replace('"', '""')
    rows = [f'"{quoted}text","{quoted}label"']
    for index in range(40):
        rows.append(f'"{quoted} row {index} {SCRIPT}","{quoted}{"good" if index % 2 else "bad"}"')
    (lab.server.root / f"{NAMED}.csv").write_text("\n".join(rows) + "\n")


def test_in_a_data_set(lab):
    write_table(lab)
    load = f"load path='{NAMED}.csv' text='{ATTACK}text' label='{ATTACK}label'"
    cells = [load, "show", "describe", "lora r=2\ntrain epochs=1", "evaluate", "confusion", "plot loss", "status"]
    lab.open(lab.write("data.ipynb", "model nano", *cells, f"predict '{ATTACK}'"))
    lab.run_all()
    assert "row" in lab.text(2), "the hostile rows were not even shown"
    is_inert(lab)


def test_dollars_are_no_mathematics(lab):
    rows = [f"it costs ${index} and not $9,{'from $1 to $2' if index % 2 else 'free'}" for index in range(40)]
    (lab.server.root / "prices.csv").write_text("\n".join(["text,label of $x$", *rows]) + "\n")
    cells = ["load prices.csv", "show", "lora r=2\ntrain epochs=1", "evaluate on=train", "confusion on=train", "predict 'a $5 or a $6'"]
    lab.open(lab.write("prices.ipynb", "model nano", *cells))
    lab.run_all()
    assert "$" in lab.text(2), "nothing with dollars was shown"
    lab.page.wait_for_timeout(1000)
    assert lab.page.locator("mjx-container").count() == 0


@pytest.mark.parametrize("cell", [
    f"'{ATTACK}'", f"load '{NAMED}'", f"load path='{NAMED}'", f"model '{ATTACK}'", f"lora targets='{ATTACK}'",
    f"train epochs='{ATTACK}'", f"echo '{ATTACK}'", f"x='{ATTACK}'\necho $x", f"help '{ATTACK}'", f"plot '{ATTACK}'",
], ids=lambda cell: cell.split("<")[0].strip("' "))
def test_in_a_cell(lab, cell):
    lab.open(lab.write("cell.ipynb", cell))
    lab.run_all()
    is_inert(lab)
    lab.editor(0).click()
    lab.page.keyboard.press("Shift+Tab")
    is_inert(lab)
