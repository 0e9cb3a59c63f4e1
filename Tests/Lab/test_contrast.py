"""Letters of displays that are HTML stand out in both themes, muted ones too."""

import pytest
from playwright.sync_api import expect

from test_displays import contrast

CELLS = [
    "model nano\nload toy train=64 test=32 validation=16\nlora r=4\ntrain epochs=2",
    "evaluate", "confusion", "show wrong", "predict 'the soup was lovely'", "table epochs", "help",
]
# Each text with the colour that its letters have on the page, and that of the page behind them: colours and opacities
# of all that they stand in, laid over one another.
LETTERS = """all => {
    const parts = text => { const found = text.match(/[\\d.]+/g).map(Number); return [...found.slice(0, 3), found[3] ?? 1]; };
    const over = (ink, alpha, ground) => ink.map((part, index) => alpha * part + (1 - alpha) * ground[index]);
    const look = element => {
        const chain = [];
        for (let each = element; each; each = each.parentElement) chain.unshift(each);
        let ground = [255, 255, 255], opacity = 1;
        for (const each of chain) {
            const style = getComputedStyle(each);
            opacity *= Number(style.opacity);
            const [red, green, blue, alpha] = parts(style.backgroundColor);
            ground = over([red, green, blue], alpha * opacity, ground);
        }
        const [red, green, blue, alpha] = parts(getComputedStyle(element).color);
        return [over([red, green, blue], alpha * opacity, ground), ground];
    };
    return all.flatMap(output => [...output.querySelectorAll('*')])
        .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .filter(each => each.checkVisibility() && !each.closest('svg, button, .lorikeet-tools'))
        .map(each => [each.textContent.trim().slice(0, 40), ...look(each).map(colour => `rgb(${colour.join(', ')})`)]);
}"""


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_letters_of_displays_stand_out(lab, theme):
    lab.open(lab.write(f"letters-{theme}.ipynb", *CELLS))
    lab.command("apputils:change-theme", theme=f"JupyterLab {theme}")
    expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", "false" if theme == "Dark" else "true")
    lab.run_all()
    weak = []
    for index, cell in enumerate(CELLS):
        letters = lab.outputs(index).evaluate_all(LETTERS)
        assert len(letters) > 5, cell
        weak += [(cell, text, ink, ground) for text, ink, ground in letters if contrast(ink, ground) < 4.5]
    assert not weak, weak
    lab.command("apputils:change-theme", theme="JupyterLab Light")
