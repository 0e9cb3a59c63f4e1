"""Stopping, starting again and coming back, while a model is being tuned."""

import re

import nbformat
from playwright.sync_api import expect

PREPARE = "model nano\nload toy\nlora r=4"
LONG = "train epochs=5000"
WORKS = re.compile(r"step [1-9][\d,]*/")


def train_for_long(lab, name):
    lab.open(lab.write(name, PREPARE, LONG, "echo still here"))
    lab.run(0)
    lab.run(1, wait=False)
    lab.wait_for_text(1, WORKS)


def test_interrupts_a_training_cell_and_goes_on(lab):
    train_for_long(lab, "interrupt.ipynb")
    lab.page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    lab.settle()

    # A neutral note in the panel, and no error.
    assert re.search("stopped at step [0-9]+ of [0-9]+", lab.text(1)) and lab.errors() == []
    lab.run(2)
    assert "still here" in lab.text(2)
    lab.type(2, "train epochs=1")
    lab.run(2)
    assert lab.page.locator(".jp-CodeCell").nth(2).locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0


def test_restarts_in_the_midst_of_training(lab):
    train_for_long(lab, "restart.ipynb")
    lab.command("notebook:restart-kernel")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    lab.settle()
    lab.run(2)
    assert "still here" in lab.text(2)


def reload_while_training(lab, name):
    """A training cell and one that waits behind it; the page is loaded again while they are at it."""
    lab.open(lab.write(name, PREPARE, "train epochs=600\nplot loss", "echo still here", "train epochs=1\nplot loss"))
    lab.run(0)
    lab.run(1, wait=False)
    lab.run(2, wait=False)
    lab.wait_for_text(1, WORKS)
    lab.save()
    lab.page.reload()
    lab.show(name)


def step(lab):
    """How far the training cell says it is."""
    return int(re.search(r"step ([\d,]+)/", lab.text(1))[1].replace(",", ""))


def kinds(lab, index):
    return [output.get_attribute("data-mime-type") for output in lab.outputs(index).all()]


def test_a_reload_during_training_loses_nothing(lab):
    reload_while_training(lab, "reload.ipynb")
    expect(lab.prompt(1)).to_have_text("[*]:")
    for _ in range(4):
        before = step(lab)
        expect(lab.cell(1).locator(".jp-OutputArea")).not_to_contain_text(f"step {before:,}/")
        assert step(lab) > before, "the progress went back"
    assert lab.is_busy()

    lab.settle(400_000)
    expect(lab.prompt(1)).to_have_text("[2]:")
    assert "Done" in lab.text(1) and lab.errors() == []
    # The cell that waited is shown too, and the same stands there as without a reload, also in the file.
    lab.wait_for_text(2, "still here")
    expect(lab.prompt(2)).to_have_text("[3]:")
    lab.run(3)
    assert kinds(lab, 1) == kinds(lab, 3)
    lab.save()
    saved = [cell.outputs for cell in nbformat.read(lab.server.root / "reload.ipynb", as_version=4).cells]
    assert [set(output.get("data", ())) for output in saved[1]] == [set(output.get("data", ())) for output in saved[3]]
    assert saved[2][0].text == "still here\n"


def test_a_restart_ends_what_runs_for_an_earlier_page(lab):
    reload_while_training(lab, "anew.ipynb")
    expect(lab.prompt(1)).to_have_text("[*]:")
    lab.command("notebook:restart-kernel")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    lab.settle()
    expect(lab.prompt(1)).to_have_text("[ ]:")
    lab.run(2)
    assert "still here" in lab.text(2)


def test_what_ended_while_no_page_was_open_is_shown(lab):
    lab.open(lab.write("away.ipynb", PREPARE, "sleep 2\necho it is over"))
    lab.run(0)
    lab.save()
    lab.run(1, wait=False)
    lab.page.wait_for_timeout(500)
    lab.page.goto("about:blank")
    lab.page.wait_for_timeout(3000)
    lab.open("away.ipynb")
    lab.wait_for_text(1, "it is over")
    expect(lab.prompt(1)).to_have_text("[2]:")
    lab.page.wait_for_timeout(500)
    # Once it is saved, what a person does to it stays done.
    lab.command("notebook:clear-all-cell-outputs")
    lab.save()
    lab.page.reload()
    lab.open("away.ipynb")
    lab.page.wait_for_timeout(1000)
    assert lab.outputs(1).count() == 0


def test_without_the_extension_a_reload_keeps_what_was_saved(lab):
    lab.page.route("**/@lorikeet/**", lambda route: route.abort())
    reload_while_training(lab, "plain.ipynb")
    expect(lab.cell(1).locator(".jp-OutputArea")).to_contain_text(WORKS)
    before = lab.text(1)
    lab.page.wait_for_timeout(1000)
    assert lab.is_busy() and lab.text(1) == before
    lab.command("notebook:interrupt-kernel")
    lab.settle()
    lab.run(2)
    assert "still here" in lab.text(2)
