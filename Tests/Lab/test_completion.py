"""What Tab offers: what a key means, and files where a path is meant."""

import pytest
from playwright.sync_api import expect

SETTINGS = "@jupyterlab/completer-extension:manager"


def popup(lab):
    return lab.page.locator(".jp-Completer:not(.lm-mod-hidden)")


def tab(lab, text):
    lab.type(0, text)
    lab.page.keyboard.press("Tab")


def take(lab, value):
    """Tab, and Return where JupyterLab asks."""
    lab.page.keyboard.press("Tab")
    expect(row(lab, value.replace('"', '\\"'))).to_be_visible()
    lab.page.keyboard.press("Enter")
    expect(popup(lab)).to_be_hidden()


def row(lab, value):
    return popup(lab).locator(f'.jp-Completer-item[data-value="{value}"]')


def plain(text):
    """Blanks that do not break are for JupyterLab, which would break a row at others."""
    return text.replace("\u00a0", " ").replace("\u2011", "-")


@pytest.mark.parametrize("width", [700, 1280])
def test_a_key_says_its_type_its_default_and_what_it_means(lab, width):
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.open(lab.write(f"meanings-{width}.ipynb", ""))
    tab(lab, "lora ")
    expect(popup(lab)).to_be_visible()
    note = row(lab, "r=").locator(".jp-Completer-typeExtended")
    expect(note).to_have_attribute("data-told", row(lab, "r=").get_attribute("title"))
    assert plain(note.inner_text()).startswith("whole number, default 8 · rank of")
    # In the letters in which it was said, and where there is no room for all of it in whole words.
    for told in popup(lab).locator(".jp-Completer-item[title*='\u00a0·\u00a0']").all():
        said, shown = plain(told.get_attribute("title")), plain(told.locator(".jp-Completer-typeExtended").inner_text())
        head = shown.removesuffix("…")
        assert said.startswith(head), shown
        assert shown == said or shown.endswith("…") and not said[len(head):][:1].isalnum(), shown
    # Each row is one line, and what does not fit is cut with three dots and not by the page's edge.
    rows = popup(lab).locator(".jp-Completer-item").evaluate_all(
        """rows => rows.map(row => {
            const note = row.querySelector('.jp-Completer-typeExtended');
            const lines = new Set([...note.firstChild ? range(note).getClientRects() : []].map(box => Math.round(box.top)));
            function range(node) { const made = document.createRange(); made.selectNodeContents(node); return made; }
            return [row.dataset.value, lines.size, note.getBoundingClientRect().right, row.offsetHeight];
        })"""
    )
    assert len(rows) > 4
    for value, lines, right, height in rows:
        assert lines <= 1 and right <= width and height <= 26, value
    tab(lab, "train optimizer=")
    expect(row(lab, "adamw")).to_be_visible()
    assert "choice · " in plain(row(lab, "adamw").inner_text())


def test_the_documentation_panel_explains_a_key(lab):
    lab.open(lab.write("panel-of-docs.ipynb", ""))
    save = "([name, raw]) => jupyterapp.serviceManager.settings.save(name, raw)"
    lab.page.evaluate(save, [SETTINGS, '{"showDocumentationPanel": true}'])
    try:
        lab.page.reload()
        lab.open("panel-of-docs.ipynb")
        tab(lab, "lora al")
        tab(lab, "lora ")
        panel = popup(lab).locator(".jp-Completer-docpanel")
        for key in ("r", "alpha"):
            expect(panel).to_contain_text(f"lora {key}:")
            expect(panel).to_contain_text("default:")
            lab.page.keyboard.press("ArrowDown")
    finally:
        lab.page.evaluate(save, [SETTINGS, "{}"])


def folder(lab):
    root = lab.server.root / "files to complete"
    (root / "data").mkdir(parents=True, exist_ok=True)
    rows = "text,label\n" + "".join(f"text {n},{'good' if n % 2 else 'bad'}\n" for n in range(60))
    for name in ("my reviews.csv", "it's odd.csv", "data/train.csv", ".secret.csv", "notes.md"):
        (root / name).write_text(rows)
    return "files to complete/files.ipynb"


def test_files_are_completed_and_then_loaded(lab):
    lab.open(lab.write(folder(lab), ""))
    for typed, taken, found in [
        ("load my", "'my reviews.csv'", "load 'my reviews.csv'"),
        ("load 'my r", "'my reviews.csv'", "load 'my reviews.csv'"),
        ("load path=it", '"it\'s odd.csv"', 'load path="it\'s odd.csv"'),
        ("load da", "data/", "load data/"),
    ]:
        lab.type(0, typed)
        take(lab, taken)
        expect(lab.editor(0)).to_have_text(found)
        if found.endswith("/"):
            take(lab, "data/train.csv")
            expect(lab.editor(0)).to_have_text("load data/train.csv")
        lab.run(0)
        assert lab.errors() == [] and "60" in lab.text(0), typed


def test_only_what_can_be_loaded_is_offered(lab):
    lab.open(lab.write(folder(lab), ""))
    tab(lab, "load ")
    expect(row(lab, "'my reviews.csv'")).to_be_visible()
    offered = popup(lab).locator(".jp-Completer-item").evaluate_all("rows => rows.map(row => row.dataset.value)")
    assert offered[0] == "toy" and "data/" in offered and "path=" in offered
    assert not {"notes.md", "files.ipynb", ".secret.csv"} & set(offered)
    assert "file · " in plain(row(lab, "'my reviews.csv'").inner_text())
    assert plain(row(lab, "data/").locator(".jp-Completer-typeExtended").inner_text()) == "folder"


def test_markup_in_the_name_of_a_file_stays_text(lab):
    for end in "ab":
        (lab.server.root / f"<img src=x onerror=window.attacked=1>{end}.csv").write_text("text,label\n")
    lab.open(lab.write("names.ipynb", ""))
    tab(lab, "load <")
    expect(popup(lab)).to_be_visible()
    expect(popup(lab)).to_contain_text("<img src=x")
    lab.page.wait_for_timeout(500)
    assert lab.page.evaluate("() => window.attacked") is None
    assert popup(lab).locator("img").count() == 0
