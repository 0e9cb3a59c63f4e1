"""nbconvert makes papers and pages of plots with what everybody has: no Inkscape."""

import html
import json
import re
import shutil
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


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


def test_a_plot_is_told_in_words(tool, plotted, folder):
    """Who does not see it has its title and what it shows: by our template, and in the notebook itself."""
    told = [
        output["metadata"]["image/svg+xml"]["alt"]
        for cell in json.loads(plotted.read_text())["cells"] for output in cell.get("outputs", [])
        if "image/svg+xml" in output.get("data", {})
    ]
    assert len(told) == 3 and all("\n" not in words for words in told) and told[0].startswith("Loss")
    assert not re.search("[\u2500-\u25ff\u2800-\u28ff]", "".join(told))

    # What labextension/install.py puts beside JupyterLab's extension.
    template = folder / "templates/lorikeet"
    shutil.copytree(TOP / "labextension/nbconvert", template)
    done = tool(
        "jupyter-nbconvert", "--to", "html", "--template", "lorikeet",
        f"--TemplateExporter.extra_template_basedirs={folder / 'templates'}", plotted)
    assert done.returncode == 0, done.stderr
    assert "Alternative text is missing" not in done.stderr
    page = (folder / "plotted.html").read_text()
    assert [html.unescape(words) for words in re.findall(r'<img alt="([^"]*)"', page)] == told
