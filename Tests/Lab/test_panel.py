"""The panel of a training that is stopped."""

import re

from playwright.sync_api import expect

PREPARE = "model nano\nload toy\nlora r=4"
WORKS = re.compile(r"step [1-9]\d*/")
GREY = "rgb(128, 128, 128)"
# The colours of letters and fills in outputs.
COLOURS = """all => [...new Set(all.flatMap(output => [output, ...output.querySelectorAll('*')]).flatMap(each => {
    const style = getComputedStyle(each);
    return [style.color, style.backgroundColor, style.borderLeftColor];
}))]"""


def train(lab, name, *cells):
    lab.open(lab.write(name, PREPARE, *cells))
    lab.run(0)
    lab.run(1, wait=False)
    lab.wait_for_text(1, WORKS)


def test_an_interrupt_is_a_grey_note_that_says_how_to_go_on(lab):
    train(lab, "grey.ipynb", "train epochs=5000", "resume", "echo still here")
    lab.page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    lab.settle()
    assert lab.errors() == [] and lab.outputs(1).locator("pre").count() == 0
    note = lab.cell(1).locator("code", has_text="resume")
    expect(note).to_be_visible()
    assert GREY in lab.outputs(1).locator("div[style*='height:6px'], div[style*='height: 6px']").evaluate_all(COLOURS)
    for colour in lab.outputs(1).evaluate_all(COLOURS):
        red, green, blue = (float(part) for part in re.findall(r"[\d.]+", colour)[:3])
        assert not (red > 150 and green < 80 and blue < 80), f"{colour} is red"
    before = int(re.search(r"stopped at step (\d+) of", lab.text(1))[1])
    # What the note says is true.
    lab.run(2, wait=False)
    lab.wait_for_text(2, WORKS)
    assert int(re.search(r"step (\d+)/", lab.text(2))[1]) >= before
    lab.page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    lab.settle()
    lab.run(3)
    assert "still here" in lab.text(3)
