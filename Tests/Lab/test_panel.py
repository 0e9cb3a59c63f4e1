"""The panel of a training: while it runs, after the page was loaded again, when it is stopped."""

import re

from playwright.sync_api import expect

PREPARE = "model nano\nload toy\nlora r=4"
WORKS = re.compile(r"step [1-9][\d,]*/")
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


def state(lab):
    """What grows in the panel: rows of the table of epochs, and how much there is of the curve."""
    return lab.cell(1).locator(".jp-OutputArea").evaluate(
        """area => [
            area.querySelectorAll('tbody tr').length,
            [...area.querySelectorAll('svg path')].reduce((sum, path) => sum + path.getAttribute('d').length, 0),
        ]"""
    )


def wait_until_it_grows(lab):
    rows, curve = state(lab)
    for _ in range(480):
        lab.page.wait_for_timeout(250)
        later = state(lab)
        if later[0] > rows and later[1] != curve:
            return
    raise AssertionError(f"there are still {rows} rows, and the same curve")


def test_the_panel_grows_also_after_a_reload(lab):
    # Longer than any page needs to come back; an interrupt ends it.
    train(lab, "grows.ipynb", "train epochs=240 batch=1")
    wait_until_it_grows(lab)
    displays = lab.outputs(1).count()
    lab.save()
    rows, _ = state(lab)
    lab.page.reload()
    lab.show("grows.ipynb")
    lab.wait_for_text(1, WORKS)
    # What was saved stands there until the kernel has told what was shown since.
    expect(lab.cell(1).locator(".jp-OutputArea tbody tr").nth(rows - 1)).to_be_attached()
    assert lab.outputs(1).count() == displays
    wait_until_it_grows(lab)
    assert lab.outputs(1).count() == displays, "an update made a display of its own"
    lab.command("notebook:interrupt-kernel")
    lab.settle()
    lab.wait_for_text(1, "stopped")
    assert lab.outputs(1).count() == displays


def test_the_panel_is_complete_at_the_end(lab):
    train(lab, "complete.ipynb", "train epochs=80")
    lab.wait_for_text(1, "Done")
    lab.settle()
    numbers = lab.cell(1).locator("tbody tr td:first-child").all_inner_texts()
    # Of many epochs the first, the best and the last are shown.
    epochs = [int(number) for number in numbers if number.isdigit()]
    assert epochs == sorted(set(epochs)) and {1, 79, 80} <= set(epochs), numbers
    assert lab.text(1).count("best") >= 1 and "so far" not in lab.text(1) and lab.errors() == []


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
    before = int(re.search(r"stopped at step ([\d,]+) of", lab.text(1))[1].replace(",", ""))
    # What the note says is true.
    lab.run(2, wait=False)
    lab.wait_for_text(2, WORKS)
    assert int(re.search(r"step ([\d,]+)/", lab.text(2))[1].replace(",", "")) >= before
    lab.page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    lab.settle()
    lab.run(3)
    assert "still here" in lab.text(3)
