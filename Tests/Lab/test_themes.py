"""Plots and tables in the dark theme."""

from playwright.sync_api import expect


def luminance(colour):
    red, green, blue = (int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_is_readable_in_the_dark(lab):
    cells = ("model nano\nload toy\nlora r=4\ntrain epochs=2", "plot loss", "evaluate")
    lab.open(lab.write("dark.ipynb", *cells))
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    lab.run_all()
    expect(lab.outputs(1).locator("svg, canvas").first).to_be_visible()

    look = lab.outputs(2).locator("td").first.evaluate(
        """cell => {
            let ground = cell;
            while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
            return [getComputedStyle(cell).color, getComputedStyle(ground).backgroundColor];
        }"""
    )
    assert abs(luminance(look[0]) - luminance(look[1])) > 80, f"text {look[0]} on {look[1]}"
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
