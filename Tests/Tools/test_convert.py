"""nbconvert makes papers and pages of plots with what everybody has: no Inkscape."""

import shutil

import pytest


@pytest.fixture
def plotted(tool, write, folder):
    if not shutil.which("gnuplot"):
        pytest.skip("gnuplot, which draws static plots, is not installed")
    source = write("plot.ipynb", "model nano\nload toy train=100 test=50\ntrain epochs=1;\nplot loss")
    done = tool("lorikeet", "run", source, "--output", folder / "plotted.ipynb")
    assert done.returncode == 0, done.stderr
    return folder / "plotted.ipynb"


@pytest.mark.parametrize("form, ending, expected", [
    ("latex", "tex", r"\includegraphics"), ("html", "html", "<svg"), ("markdown", "md", "![svg]"),
])
def test_a_plot_becomes(form, ending, expected, tool, plotted, folder, monkeypatch):
    # Only what every system has: nothing that could convert pictures on the way.
    monkeypatch.setenv("PATH", "/nonexistent" if form != "latex" else str(pandoc_alone(folder)))
    done = tool("jupyter-nbconvert", "--to", form, plotted)
    assert done.returncode == 0, done.stderr
    assert expected in (folder / f"plotted.{ending}").read_text()
    if form == "latex":
        # The loss, the rate and the gradient norm under it.
        assert [file.read_bytes()[:5] for file in folder.glob("plotted_files/*.pdf")] == 3 * [b"%PDF-"]


def pandoc_alone(folder):
    place = folder / "bin"
    place.mkdir()
    if found := shutil.which("pandoc"):
        (place / "pandoc").symlink_to(found)
    return place
