"""A notebook that came by mail: run elsewhere, opened untrusted."""

import subprocess
import sys

import nbformat
from playwright.sync_api import expect


def test_an_untrusted_notebook_still_shows_its_plots(lab):
    lab.write("shared.ipynb", "model nano\nload toy\nlora r=4\ntrain epochs=1", "plot loss", "evaluate")
    path = lab.server.root / "shared.ipynb"
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", str(path)],
        check=True, capture_output=True,
    )
    bundle = nbformat.read(path, as_version=4).cells[1].outputs[-1].data
    assert {"image/png", "image/svg+xml", "text/plain"} <= set(bundle)
    assert any("vega" in kind for kind in bundle) and "text/html" not in bundle

    lab.open("shared.ipynb")
    trusted = "() => [...jupyterapp.shell.currentWidget.content.model.cells].every(cell => cell.trusted)"
    assert lab.page.evaluate(trusted) is False
    expect(lab.outputs(1).locator("svg, canvas, img").first).to_be_visible()
    expect(lab.outputs(2).locator("table").first).to_be_visible()
