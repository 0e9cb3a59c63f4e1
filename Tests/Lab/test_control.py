"""Stopping, starting again and coming back, while a model is being tuned."""

import re

from playwright.sync_api import expect

PREPARE = "model nano\nload toy\nlora r=4"
LONG = "train epochs=5000"
WORKS = re.compile("step|epoch|loss")


def train_for_long(lab, name):
    lab.open(lab.write(name, PREPARE, LONG, "echo still here"))
    lab.run(0)
    lab.run(1, wait=False)
    lab.wait_for_text(1, WORKS)


def test_interrupts_a_training_cell_and_goes_on(lab):
    train_for_long(lab, "interrupt.ipynb")
    lab.page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    lab.settle(10_000)

    assert re.search("interrupt", lab.text(1), re.I)
    lab.run(2)
    assert "still here" in lab.text(2)
    lab.type(2, "train epochs=1")
    lab.run(2)
    assert lab.page.locator(".jp-CodeCell").nth(2).locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0


def test_restarts_in_the_midst_of_training(lab):
    train_for_long(lab, "restart.ipynb")
    lab.command("notebook:restart-kernel")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    lab.settle(10_000)
    lab.run(2)
    assert "still here" in lab.text(2)


def test_a_reload_during_training_loses_nothing(lab):
    lab.open(lab.write("reload.ipynb", PREPARE, "train epochs=300", "echo still here"))
    lab.run(0)
    lab.run(1, wait=False)
    lab.wait_for_text(1, WORKS)
    lab.command("docmanager:save")
    lab.page.wait_for_timeout(500)
    lab.page.reload()
    lab.open("reload.ipynb")
    # The text that stood there when the notebook was saved is there again, and the session answers.
    expect(lab.cell(1).locator(".jp-OutputArea")).to_contain_text(WORKS)
    lab.run(2)
    assert "still here" in lab.text(2)
