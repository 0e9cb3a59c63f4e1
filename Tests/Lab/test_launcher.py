"""The launcher's cards: each opens a copy of a notebook, in the folder that the file browser shows."""

import json
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

TOP = Path(__file__).resolve().parents[2]
CARDS = json.loads((TOP / "labextension/cards.json").read_text(encoding="utf-8"))
CURRENT = "() => jupyterapp.shell.currentWidget?.context?.path ?? null"


def visit(lab, folder):
    """Shows a folder of the server's in the file browser, and a launcher."""
    (lab.server.root / folder).mkdir(exist_ok=True)
    lab.open(lab.write("before.ipynb", "echo before"))
    lab.page.evaluate(
        "path => jupyterapp.commands.execute('filebrowser:go-to-path', { path }).then(() => null)", f"/{folder}"
    )
    launch(lab)


def launch(lab):
    lab.command("launcher:create")
    expect(lab.page.locator(".jp-Launcher:visible")).to_be_visible()


def card(lab, label):
    return lab.page.locator(".jp-Launcher:visible .jp-LauncherCard[data-category='Notebook']", has_text=label)


def opened(lab, path):
    """Waits until a notebook is there, ready to be run."""
    lab.page.wait_for_function(f"path => ({CURRENT})() === path", arg=path)
    lab.page.locator(".jp-Notebook:visible .jp-CodeCell").first.wait_for()
    lab.settle()


@pytest.mark.parametrize("offer", CARDS, ids=lambda offer: offer["label"])
def test_a_card_opens_a_copy_that_is_the_persons_own(lab, offer):
    folder, name = f"copies of {offer['label']}", offer["notebook"]
    visit(lab, folder)
    icon = card(lab, offer["label"]).locator("img")
    expect(icon).to_be_visible()
    # On a loaded machine it is there before its picture is.
    lab.page.wait_for_function("icon => icon.complete && icon.naturalWidth > 0", arg=icon.element_handle())
    card(lab, offer["label"]).click()
    opened(lab, f"{folder}/{name}")
    kernel = lab.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.name")
    assert kernel == "lorikeet" and lab.errors() == []
    assert lab.page.locator(".jp-Notebook:visible .jp-OutputArea-output").count() == 0
    sources = [cell.source for cell in nbformat.read(TOP / "notebooks" / name, as_version=4).cells]
    place = lab.server.root / folder
    copy = nbformat.read(place / name, as_version=4)
    nbformat.validate(copy)
    assert [cell.source for cell in copy.cells] == sources
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in copy.cells)
    for file in offer["files"]:
        assert (place / file).read_bytes() == (TOP / "notebooks" / file).read_bytes()

    # What a person does to a copy stays, and the next one has another name.
    lab.type(0, "echo mine")
    lab.save()
    launch(lab)
    card(lab, offer["label"]).click()
    stem = name.removesuffix(".ipynb")
    opened(lab, f"{folder}/{stem}-2.ipynb")
    texts = [nbformat.read(place / each, as_version=4).cells for each in (name, f"{stem}-2.ipynb")]
    assert [cell.source for cell in texts[1]] == sources
    assert "echo mine" in [cell.source for cell in texts[0]]
    # One copy of the data does for both.
    assert len(list(place.glob("[!.]*"))) == 2 + len(offer["files"])


@pytest.mark.parametrize("offer", [offer for offer in CARDS if offer["files"]], ids=lambda offer: offer["label"])
def test_a_file_of_the_same_name_is_left_alone(lab, offer):
    folder, file = f"taken by {offer['label']}", offer["files"][0]
    (lab.server.root / folder).mkdir()
    (lab.server.root / folder / file).write_text("mine\n")
    visit(lab, folder)
    card(lab, offer["label"]).click()
    opened(lab, f"{folder}/{offer['notebook']}")
    place = lab.server.root / folder
    assert (place / file).read_text() == "mine\n"
    other = f"{Path(file).stem}-2{Path(file).suffix}"
    assert (place / other).read_bytes() == (TOP / "notebooks" / file).read_bytes()
    cells = nbformat.read(place / offer["notebook"], as_version=4).cells
    assert any(other in cell.source for cell in cells) and not any(file in cell.source for cell in cells)
