"""Displays elsewhere than in JupyterLab: narrow and dumb terminals, `jupyter console`, what nbconvert makes of them."""

import html
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pexpect
import pytest
from displays import width

LORIKEET = os.environ.get("LORIKEET", str(Path(__file__).resolve().parents[2] / ".build/release/lorikeet"))
CONSOLE = str(Path(sys.executable).parent / "jupyter-console")
# Long enough to be looked at, and over as soon as it is interrupted.
TRAINING = "set seed=1\nmodel nano\nload toy train=20000 validation=60 test=60\nlora r=4\ntrain epochs=50 batch=1 save_every=1 as=long\n"


# Terminals.


def drawn(folder, columns, count=8, **environment):
    """What `lorikeet run` writes on a terminal of so many columns until it has told the time left so often."""
    (folder / "long.lk").write_text(TRAINING)
    log = io.StringIO()
    child = pexpect.spawn(
        LORIKEET, ["run", "long.lk"], cwd=str(folder), dimensions=(40, columns), encoding="utf-8", timeout=120,
        env=dict(os.environ, **environment))
    child.logfile_read = log
    try:
        for _ in range(count):
            child.expect(" left")
        child.kill(signal.SIGINT)
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 130
    return log.getvalue()


FACTS = r"(  (step [\d,]+/[\d,]+|epoch \d+ of \d+|loss [\d.e-]+|[\d.]+ [kMG]?B|cores \d+|tokens/s [\d,]+|judged .+ texts))*"
LINE = re.compile(r"\d+%( [━╌]+)? (about )?(\d+ (s|h|min))+( \d\d (s|min))? left" + FACTS)


@pytest.mark.parametrize("columns", [80, 60, 40, 24])
def test_the_time_left_goes_last(columns, folder):
    text = drawn(folder, columns)
    pieces = [piece for piece in re.split(r"\r\x1b\[K|\r?\n", text) if piece]
    assert [piece for piece in pieces if width(piece) > columns and columns >= 80] == []
    lines = [piece for piece in pieces if re.match(r"\d+% .*left", piece)]
    assert len(lines) > 5
    for line in lines:
        assert width(line) < columns and LINE.fullmatch(line), line


def test_a_dumb_terminal_gets_lines_without_codes(folder):
    text = drawn(folder, 80, count=3, TERM="dumb").replace("\r\n", "\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    lines = text.splitlines()
    assert [line for line in lines if width(line) > 80] == []
    assert any(re.fullmatch(r"step [\d,]+/[\d,]+  loss [\d.e-]+  .+ left", line) for line in lines), text
    assert "stopped at step " in text


# The console.


def test_a_console_is_told_at_wider_and_wider_intervals(folder):
    child = pexpect.spawn(
        CONSOLE, ["--kernel", "lorikeet", "--simple-prompt", "--no-confirm-exit"], cwd=str(folder), echo=False,
        dimensions=(40, 80), encoding="utf-8", timeout=120)
    log = child.logfile_read = io.StringIO()
    try:
        for line in TRAINING.splitlines():
            child.expect(r"In \[\d+\]: ")
            child.sendline(line)
        times = []
        for _ in range(4):
            child.expect(r"step [\d,]+/[\d,]+  loss [\d.e-]+  [^\n]+ left\r\n")
            times.append(time.monotonic())
        child.sendintr()
        child.expect("stopped at step ")
        child.expect(r"In \[\d+\]: ")
        child.sendline("echo still here")
        child.expect("still here")
        child.sendeof()
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    # Two seconds, four, eight.
    gaps = [after - before for before, after in zip(times, times[1:])]
    assert gaps[0] < gaps[1] < gaps[2] and 12 < sum(gaps) < 20, gaps
    text = re.sub(r"In \[\d+\]: ", "", log.getvalue().split("In [1]: ", 1)[1].replace("\r\n", "\n"))
    assert [line for line in text.splitlines() if width(line) > 80] == []
    assert "Traceback" not in text and len(re.findall(r"^step ", text, flags=re.M)) == 4


# What nbconvert makes of them.


@pytest.fixture
def notebook(displayed, folder):
    nbformat.write(displayed, folder / "displays.ipynb")
    return folder / "displays.ipynb"


@pytest.fixture
def only_pandoc(folder, monkeypatch):
    """No Inkscape and nothing else that could convert pictures on the way."""
    (folder / "bin").mkdir()
    if not (pandoc := shutil.which("pandoc")):
        pytest.skip("pandoc, which nbconvert --to latex needs, is not installed")
    (folder / "bin/pandoc").symlink_to(pandoc)
    monkeypatch.setenv("PATH", str(folder / "bin"))


def test_latex_needs_no_inkscape(tool, notebook, folder, only_pandoc):
    done = tool("jupyter-nbconvert", "--to", "latex", notebook)
    assert done.returncode == 0, done.stderr
    text = (folder / "displays.tex").read_text()
    pictures = re.findall(r"\\adjustimage\{[^{]*\{[^{]*\}\{[^{]*\}\}\{(.+?)\}", text)
    assert pictures and all((folder / name).read_bytes().startswith(b"%PDF-") for name in pictures)
    assert r"\begin{longtable}" in text and r"\begin{tabular}" in text


def test_latex_becomes_a_pdf(tool, notebook, folder):
    engine = shutil.which("xelatex")
    if not engine or not shutil.which("pandoc"):
        pytest.skip("xelatex or pandoc is not installed: what was converted is not compiled")
    assert tool("jupyter-nbconvert", "--to", "latex", notebook).returncode == 0
    for _ in range(2):  # the second time long tables know their widths
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", "displays.tex"], cwd=folder, capture_output=True,
            text=True, errors="replace", timeout=300)
        assert done.returncode == 0, done.stdout[-3000:]
    log = (folder / "displays.log").read_text(errors="replace").replace("\n", "")
    # TeX leaves out what a font lacks: letters of other scripts, in data, may be, signs of ours may not.
    lacking = set(re.findall(r"Missing character: There is no (.)", log))
    assert {letter for letter in lacking if not letter.isalpha()} == set()
    # A centimetre, by which keys of help stand over that pandoc does not break.
    assert [points for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(points) > 28] == []


def test_markdown_is_what_github_shows(tool, notebook, folder, displayed):
    """Pictures as files; HTML that no blank line turns into text; no specification of a plot."""
    done = tool("jupyter-nbconvert", "--to", "markdown", notebook)
    assert done.returncode == 0, done.stderr
    text = (folder / "displays.md").read_text()
    assert "<script" not in text and "vega" not in text
    assert len(re.findall(r"!\[svg\]", text)) == len(pictures(displayed)) > 5
    for page in pages(displayed):
        assert "\n\n" not in page and not re.search(r"^ {4}|^\t", page, flags=re.M), page

    # As a person asks for it who wants no HTML.
    priority = "--NbConvertBase.display_data_priority=['text/markdown', 'image/svg+xml', 'text/plain']"
    assert tool("jupyter-nbconvert", "--to", "markdown", priority, notebook).returncode == 0
    text = (folder / "displays.md").read_text()
    assert "<div" not in text and "<table" not in text and "vega" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) > 50 and all(line.endswith(" |") for line in rows)


def test_html_has_every_display(tool, notebook, folder, displayed):
    assert tool("jupyter-nbconvert", "--to", "html", notebook).returncode == 0
    text = (folder / "displays.html").read_text()
    assert len(re.findall(r"image/svg\+xml", text)) >= len(pictures(displayed)) and "vega-lite" not in text.lower()
    assert [page for page in pages(displayed) if read(page) not in read(text)] == []


def read(page):
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def data(displayed):
    return [output.data for cell in displayed.cells for output in cell.outputs if "data" in output]


def pages(displayed):
    return [forms["text/html"] for forms in data(displayed) if "text/html" in forms]


def pictures(displayed):
    """What has no other form than a picture's."""
    return [forms for forms in data(displayed) if "image/svg+xml" in forms and "text/html" not in forms]
