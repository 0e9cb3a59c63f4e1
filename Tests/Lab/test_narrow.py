"""What a page of 700 pixels has room for: help, many classes, names that no line parts."""

import pytest
from playwright.sync_api import expect

NAME = "a" + "very" * 49 + "long"


@pytest.fixture
def narrow(lab):
    """Without the list of files beside the notebook, which takes half of such a page."""
    lab.page.set_viewport_size({"width": 700, "height": 900})
    lab.page.goto(f"{lab.server.url}/lab?reset")
    lab.page.wait_for_function("() => window.jupyterapp?.shell && jupyterapp.restored")
    lab.page.evaluate("() => jupyterapp.restored.then(() => jupyterapp.shell.collapseLeft())")
    return lab


def write(lab, name, labels):
    rows = ["text,label"] + [f"words number {index},{labels[index % len(labels)]}" for index in range(6 * len(labels))]
    (lab.server.root / name).write_text("\n".join(rows) + "\n")
    return f"set times=off\nmodel nano\nload path={name} test=40%"


def widths(lab, index):
    """By how much something in an output is wider than what it stands in, where that scrolls."""
    return lab.outputs(index).evaluate_all(
        """all => all.flatMap(each => [each, ...each.querySelectorAll('*')])
            .filter(each => ['auto', 'scroll'].includes(getComputedStyle(each).overflowX) || each.matches('.jp-OutputArea-output'))
            .map(each => each.scrollWidth - each.clientWidth).filter(over => over > 1)"""
    )


@pytest.mark.parametrize("verb", ["", "train", "lora", "load", "reft", "prefix_tuning"])
def test_help_fits(narrow, verb):
    narrow.open(narrow.write(f"help-{verb}.ipynb", f"help {verb}"))
    narrow.run_all()
    expect(narrow.outputs(0).locator("table").first).to_be_visible()
    assert widths(narrow, 0) == []


def test_forty_classes_fit(narrow):
    labels = [f"class with a name {index}" for index in range(40)]
    narrow.open(narrow.write("narrow-40.ipynb", write(narrow, "narrow-forty.csv", labels), "confusion on=train"))
    narrow.run_all()
    grid = narrow.outputs(1).locator("div[style*='display:grid'], div[style*='display: grid']")
    expect(grid).to_be_visible()
    assert widths(narrow, 1) == []
    # The last cell of a row is there, and wide enough to be pointed at.
    last = grid.locator("div[title*='answered class with a name 39']").first.bounding_box()
    assert last["x"] + last["width"] < 700 and last["width"] >= 5, last


def test_figures_stay_in_sight_beside_a_long_name(narrow):
    cells = ["evaluate", "table classes", "show wrong n=2", "predict 'words number 3'"]
    narrow.open(narrow.write("names.ipynb", write(narrow, "names.csv", [NAME, "short"]), *cells))
    narrow.run_all()
    for index in range(5):
        expect(narrow.outputs(index).first).to_be_visible()
        assert widths(narrow, index) == [], cells[index - 1] if index else "load"
    # The whole of it is under the pointer.
    for index in (0, 2, 4):
        expect(narrow.outputs(index).locator(f"[title='{NAME}']").first).to_be_visible()
