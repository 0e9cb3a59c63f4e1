"""What a person does with what was shown: widths, contrast, tooltips, sorting, filtering, copying."""

import re

import pytest
from playwright.sync_api import expect

SETUP = "set times=off\nmodel nano\nload toy train=64 test=32 validation=16\nlora r=4\ntrain epochs=2 batch=8"


def luminance(colour):
    """Relative luminance of a colour as browsers write it, WCAG 2.1."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    channels = [part / 255 for part in parts]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# The colour of the letters, and of the first ground behind them that is not clear.
LOOK = """text => {
    let ground = text;
    const clear = node => !node || ['rgba(0, 0, 0, 0)', 'transparent'].includes(getComputedStyle(node).backgroundColor);
    while (clear(ground)) ground = ground.parentElement;
    const style = getComputedStyle(text);
    const ink = text instanceof SVGElement ? style.fill : style.color;
    return [ink, getComputedStyle(ground).backgroundColor];
}"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_letters_of_plots_stand_out_in_both_themes(lab, theme):
    lab.open(lab.write(f"contrast-{theme[-4:].strip()}.ipynb", SETUP, "plot loss", "plot classes"))
    lab.command("apputils:change-theme", theme=theme)
    expect(lab.page.locator("body")).to_have_attribute(
        "data-jp-theme-light", "false" if theme.endswith("Dark") else "true"
    )
    lab.run_all()
    for cell in (1, 2):
        letters = lab.outputs(cell).locator(".vega-embed svg text")
        expect(letters.first).to_be_attached()
        looks = letters.evaluate_all(f"all => all.map({LOOK})")
        assert len(looks) > 5
        for ink, ground in looks:
            assert contrast(ink, ground) >= 4.5, f"{ink} on {ground}"
    lab.command("apputils:change-theme", theme="JupyterLab Light")


@pytest.mark.parametrize("width", [700, 1500])
def test_plots_follow_the_page(lab, width):
    size = lab.page.viewport_size
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.open(lab.write(f"width-{width}.ipynb", SETUP, "plot loss"))
    lab.run_all()
    drawn = lab.outputs(1).locator(".vega-embed svg").first
    expect(drawn).to_be_visible()
    plot, room = drawn.bounding_box(), lab.outputs(1).first.bounding_box()
    assert plot["x"] >= room["x"] - 1 and plot["x"] + plot["width"] <= room["x"] + room["width"] + 1
    assert plot["width"] > 0.8 * (room["width"] - 100), (plot, room)
    # Nothing is cut at the side.
    over = lab.outputs(1).evaluate_all(
        "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
    )
    assert over == 0
    lab.page.set_viewport_size(size)


def test_the_crosshair_tells_step_and_loss(lab):
    lab.open(lab.write("crosshair.ipynb", SETUP, "plot loss"))
    lab.run_all()
    drawn = lab.outputs(1).locator(".vega-embed svg").first
    expect(drawn).to_be_visible()
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.6 * box["height"])
    lab.page.mouse.move(box["x"] + box["width"] / 2 + 3, box["y"] + 0.6 * box["height"] + 2)
    tooltip = lab.page.locator("#vg-tooltip-element.visible")
    expect(tooltip).to_contain_text("step")
    assert re.search(r"\d\.\d{2,}", tooltip.inner_text()), tooltip.inner_text()


def test_a_table_is_sorted_filtered_and_copied(lab):
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.open(lab.write("tables.ipynb", SETUP, "table steps"))
    lab.run_all()
    table = lab.outputs(1).locator("table.lorikeet")
    losses = lambda: [float(text) for text in table.locator("tbody tr:visible td:nth-child(2)").all_inner_texts()]
    assert len(losses()) == 16
    head = table.locator("thead th").nth(1)
    head.click()
    assert losses() == sorted(losses()) and head.get_attribute("aria-sort") == "ascending"
    head.click()
    assert losses() == sorted(losses(), reverse=True)
    lab.outputs(1).get_by_placeholder("rows with").fill("12")
    shown = table.locator("tbody tr:visible").all_inner_texts()
    assert 0 < len(shown) < 16 and all("12" in row for row in shown)
    lab.outputs(1).get_by_role("button", name="copy as CSV").click()
    expect(lab.outputs(1).get_by_role("button", name="copied")).to_be_visible()
    copied = lab.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("step,loss,lr,gradient norm\r\n") and copied.count("\r\n") == len(shown) + 1
