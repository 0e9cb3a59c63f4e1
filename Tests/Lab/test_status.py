"""The status bar while a cell trains: of the notebook in front, and of Lorikeet's notebooks alone."""

import re

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

PREPARE = "model nano\nload toy\nlora r=4"
SAYS = re.compile(r"^train \d+%, \d+ (s|min|h|h \d+ min) left$")
# Another kernel that claims to train.
CLAIM = """
from IPython.display import publish_display_data
import time
claim = {"lorikeet": {"progress": {"verb": "train", "share": 0.5, "left": 9}}}
publish_display_data({"text/plain": "claims to train"}, metadata=claim, transient={"display_id": "claim"})
time.sleep(600)
"""


def item(lab):
    return lab.page.locator("#jp-main-statusbar .lorikeet-progress")


def percent(lab):
    return int(re.search(r"(\d+)%", item(lab).inner_text())[1])


def test_it_says_how_far_training_is_also_after_a_reload_and_goes_when_it_is_done(lab):
    # The first is longer than any page needs to come back; an interrupt ends it.
    lab.open(lab.write("status.ipynb", PREPARE, "train epochs=2000", "train epochs=60"))
    expect(item(lab)).to_be_hidden()
    lab.run(0)
    lab.run(1, wait=False)
    expect(item(lab)).to_be_visible()
    expect(item(lab)).to_have_text(SAYS)
    before = percent(lab)
    expect(item(lab)).not_to_have_text(re.compile(f"^train {before}%"))
    assert percent(lab) > before
    lab.save()
    before = percent(lab)
    lab.page.reload()
    lab.show("status.ipynb")
    expect(item(lab)).to_have_text(SAYS)
    assert percent(lab) >= before
    lab.command("notebook:interrupt-kernel")
    lab.settle()
    expect(item(lab)).to_be_hidden()
    lab.run(2, wait=False)
    expect(item(lab)).to_be_visible()
    lab.wait_for_text(2, "Done")
    expect(item(lab)).to_be_hidden()


def test_an_interrupt_and_a_restart_end_it(lab):
    lab.open(lab.write("status-ends.ipynb", PREPARE, "train epochs=5000"))
    for command in ("notebook:interrupt-kernel", "notebook:restart-kernel"):
        lab.run(0)
        lab.run(1, wait=False)
        expect(item(lab)).to_have_text(SAYS)
        lab.command(command)
        if command.endswith("restart-kernel"):
            lab.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(item(lab)).to_be_hidden()
        lab.settle()


def test_it_is_that_of_the_notebook_in_front(lab):
    cells = [new_code_cell(CLAIM)]
    python = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(python, lab.server.root / "other-kernel.ipynb")
    lab.open(lab.write("status-front.ipynb", PREPARE, "train epochs=5000"))
    lab.run(0)
    lab.run(1, wait=False)
    expect(item(lab)).to_have_text(SAYS)

    lab.open(lab.write("status-idle.ipynb", "echo idle"))
    expect(item(lab)).to_be_hidden()
    lab.open("other-kernel.ipynb")
    lab.run(0, wait=False)
    lab.wait_for_text(0, "claims to train")
    lab.page.wait_for_timeout(1000)
    expect(item(lab)).to_be_hidden()
    lab.command("launcher:create")
    expect(lab.page.locator(".jp-Launcher:visible")).to_be_visible()
    expect(item(lab)).to_be_hidden()

    lab.show("status-front.ipynb")
    expect(item(lab)).to_have_text(SAYS)
