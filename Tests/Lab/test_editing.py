"""What helps while a cell is being written."""

from playwright.sync_api import expect


def colour_of(lab, index, word):
    """The computed colour of the smallest element of a cell that holds just this word."""
    return lab.editor(index).evaluate(
        """(editor, word) => {
            const found = [...editor.querySelectorAll('span')].filter(s => s.textContent === word).pop();
            return getComputedStyle(found ?? editor.querySelector('.cm-line')).color;
        }""",
        word,
    )


def test_colours_verbs_keys_numbers_and_comments(lab):
    lab.open(lab.write("colours.ipynb", 'lora r=8 # rank\npredict "a text"\nnonsense r=8'))
    language = "() => jupyterapp.shell.currentWidget.content.widgets[0].model.mimeType"
    assert lab.page.evaluate(language) == "text/x-lorikeet"
    plain = colour_of(lab, 0, "nonsense")
    for word in ("lora", "8", "# rank", '"a text"'):
        assert colour_of(lab, 0, word) != plain, f"{word} looks like plain text"


def test_completes_a_verb_from_its_beginning(lab):
    lab.open(lab.write("verbs.ipynb", ""))
    lab.type(0, "eval")
    lab.page.keyboard.press("Tab")
    popup = lab.page.locator(".jp-Completer:not(.lm-mod-hidden)")
    expect(popup.or_(lab.editor(0).get_by_text("evaluate")).first).to_be_visible()
    if popup.is_visible():
        lab.page.keyboard.press("Enter")
    expect(lab.editor(0)).to_contain_text("evaluate")


def test_offers_the_keys_of_a_command(lab):
    lab.open(lab.write("keys.ipynb", ""))
    lab.type(0, "lora ")
    lab.page.keyboard.press("Tab")
    popup = lab.page.locator(".jp-Completer:not(.lm-mod-hidden)")
    expect(popup).to_be_visible()
    for key in ("alpha", "dropout", "targets"):
        expect(popup).to_contain_text(key)


def test_explains_what_stands_under_the_cursor(lab):
    lab.open(lab.write("tooltip.ipynb", ""))
    lab.type(0, "train")
    lab.page.keyboard.press("Shift+Tab")
    tooltip = lab.page.locator(".jp-Tooltip")
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text("epochs")
