"""Results as JupyterLab shows them: labels, fills and widths of the confusion matrix, the headline, the mistakes."""

import re

import pytest
from playwright.sync_api import expect

SIX = ["billing and refunds", "feature request", "login problem", "other", "praise", "shipping delay"]
# The room that each word takes, as the page has drawn it.
BOXES = """all => all.map(each => { const b = each.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"""


def overlaps(boxes):
    return [
        (a, b) for index, a in enumerate(boxes) for b in boxes[index + 1 :]
        if a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1
    ]


def table(lab, name, labels):
    rows = ["text,label"] + [f"words number {index},{labels[index % len(labels)]}" for index in range(6 * len(labels))]
    (lab.server.root / name).write_text("\n".join(rows) + "\n")
    return f"set times=off\nmodel nano\nload path={name}"


def test_labels_of_few_classes_stand_apart(lab):
    lab.open(lab.write("matrix-6.ipynb", table(lab, "six.csv", SIX), "confusion on=train"))
    lab.run_all()
    cells = lab.outputs(1).locator("tbody td[title*=answered]")
    expect(cells.first).to_be_visible()
    assert not overlaps(cells.evaluate_all(BOXES))
    # Column labels are slanted and parallel: what keeps them apart is their distance across.
    slanted = lab.outputs(1).locator(".lk-slant th > span > span")
    expect(slanted).to_have_count(6)
    places = lab.outputs(1).locator(".lk-slant th > span").evaluate_all(BOXES)
    heights = slanted.evaluate_all("all => all.map(each => each.offsetHeight)")
    steps = [b[0] - a[0] for a, b in zip(places, places[1:])]
    assert min(steps) * 0.669 >= max(heights), (steps, heights)
    names = lab.outputs(1).locator("tbody tr > td:first-child")
    assert names.all_inner_texts() == SIX
    assert not overlaps(names.evaluate_all(BOXES))


def test_labels_of_forty_classes_stand_apart(lab):
    labels = [f"class with a name {index}" for index in range(40)]
    lab.open(lab.write("matrix-40.ipynb", table(lab, "forty.csv", labels), "confusion on=train"))
    lab.run_all()
    grid = lab.outputs(1).locator("div[style*='display:grid'], div[style*='display: grid']")
    expect(grid).to_be_visible()
    words = grid.locator("xpath=./div[normalize-space()]")
    # Every second column has its number, the corner is named, and each row has its label and its total.
    assert words.count() == 40 // 2 + 1 + 2 * 40
    assert not overlaps(words.evaluate_all(BOXES))
    hover = grid.locator("div[title*='answered']").first.get_attribute("title")
    assert re.fullmatch(r"true .+, answered .+: \d+ of \d+, \d+%", hover), hover


def test_a_fill_is_the_share_of_its_row(lab):
    lab.open(lab.write("fills.ipynb", table(lab, "two.csv", ["one", "two"]), "confusion on=train"))
    lab.run_all()
    cells = lab.outputs(1).locator("tbody td[title*=answered]")
    found = cells.evaluate_all("all => all.map(each => [each.title, getComputedStyle(each).backgroundColor])")
    assert len(found) == 4
    for title, colour in found:
        share = int(title.split(": ")[1].split(" of ")[0]) / int(title.split(" of ")[1].split(",")[0])
        alpha = float(re.findall(r"[\d.]+", colour)[3]) if colour.startswith("rgba") else 1
        assert abs(alpha - 0.85 * share) < 0.005, (title, colour)


@pytest.mark.parametrize("width", [700, 1500])
def test_nothing_is_cut_at_the_side(lab, width):
    size = lab.page.viewport_size
    lab.page.set_viewport_size({"width": width, "height": 900})
    cells = ["evaluate", "confusion", "show wrong", "predict 'words number 3'"]
    lab.open(lab.write(f"results-{width}.ipynb", table(lab, "six.csv", SIX), *cells))
    lab.run_all()
    for index, cell in enumerate(cells, 1):
        expect(lab.outputs(index).first).to_be_visible()
        over = lab.outputs(index).evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
        )
        assert over == 0, cell
    lab.page.set_viewport_size(size)


def test_a_long_text_opens_to_the_whole_of_it(lab):
    text = "a very long text " * 12 + "and its end"
    rows = ["text,label"] + [f"{index} {text},{'one' if index % 2 else 'two'}" for index in range(20)]
    (lab.server.root / "long.csv").write_text("\n".join(rows) + "\n")
    load = "set times=off\nmodel nano\nload path=long.csv"
    lab.open(lab.write("wrong.ipynb", load, "show top_losses n=3 on=train"))
    lab.run_all()
    folded = lab.outputs(1).locator("details").first
    expect(folded).to_be_visible()
    whole = folded.locator("div")
    expect(whole).not_to_be_visible()
    folded.locator("summary").click()
    expect(whole).to_be_visible()
    expect(whole).to_contain_text("and its end")
