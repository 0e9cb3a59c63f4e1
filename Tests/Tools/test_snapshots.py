"""Snapshots of every display: in a terminal of 80 columns, in `jupyter console`, as Markdown and as LaTeX.

    python Tests/Tools/test_snapshots.py --write      renews the files in snapshots/; look at what changed

The files hold what one machine has shown; figures, curves and widths that the processor decides are not compared.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from displays import SCRIPT, cells, filled, skeleton, width, write_data

FOLDER = SCRIPT.parent
LORIKEET = os.environ.get("LORIKEET", str(Path(__file__).resolve().parents[2] / ".build/release/lorikeet"))
CELLS = {cell.name: cell for cell in cells()}
WIDE = 80


# The forms.


def form_of(outputs, kinds):
    """The text of the first kind that each output has; a picture is named by its kind."""
    texts = []
    for output in outputs:
        if output.output_type == "stream":
            texts.append(output.text)
        elif output.output_type == "error":
            texts.append("\n".join(re.sub(r"\x1b\[\d+m", "", line) for line in output.traceback))
        else:
            kind = next((kind for kind in kinds if kind in output.data), None)
            assert kind, f"none of {kinds} in {list(output.data)}"
            texts.append(output.data[kind] if kind.startswith("text/") else f"({kind})")
    return "\n\n".join(text.strip("\n") for text in texts)


def markdown(notebook):
    return {cell.metadata.name: form_of(cell.outputs, ["text/markdown", "image/svg+xml", "text/plain"]) for cell in notebook.cells}


def latex(notebook):
    kinds = ["text/latex", "application/pdf", "text/markdown", "text/plain"]
    return {cell.metadata.name: form_of(cell.outputs, kinds) for cell in notebook.cells}


def terminal(folder):
    """What `lorikeet run` prints of the cells that end by themselves."""
    wanted = [cell for cell in CELLS.values() if not cell.stops]
    made = [nbformat.v4.new_code_cell(cell.source, metadata={"tags": ["raises-exception"]}) for cell in wanted]
    nbformat.write(nbformat.v4.new_notebook(cells=made), folder / "displays.ipynb")
    done = subprocess.run([LORIKEET, "run", folder / "displays.ipynb"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    parts = re.split(r"^\[\d+/\d+\]\n", done.stdout, flags=re.M)[1:]
    return {cell.name: part[len(indented(cell.source)):].strip("\n") for cell, part in zip(wanted, parts, strict=True)}


def indented(source):
    return "".join(f"  {line}\n" for line in source.splitlines())


def console(folder):
    """What `jupyter console` shows of the same cells, line by line, without its prompts."""
    wanted = [cell for cell in CELLS.values() if not cell.stops]
    lines = [line for cell in wanted for line in [f'echo "{HEADS["terminal"].format(cell.name)}"', *cell.source.splitlines()]]
    program = Path(sys.executable).parent / "jupyter-console"
    done = subprocess.run(
        [program, "--kernel", "lorikeet", "--simple-prompt", "--no-confirm-exit"], input="\n".join([*lines, 'echo "=== end ==="', "exit", ""]),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, cwd=folder,
        env=dict(os.environ, PYTHONUNBUFFERED="1"))
    shown = re.sub(r"(In|Out) ?\[\d+\]: ?|\x1b\[[\d;]*m", "", done.stdout)
    found = sections("terminal", shown)
    del found["end"]
    return found


FORMS = {"terminal": "txt", "console": "txt", "markdown": "md", "latex": "tex"}
HEADS = {"terminal": "=== {} ===", "console": "=== {} ===", "markdown": "## {}", "latex": "% === {}"}
PAIRS = [
    (form, name) for form in FORMS for name, cell in CELLS.items() if form in ("markdown", "latex") or not cell.stops]


def path_of(form):
    return FOLDER / f"{form}.{FORMS[form]}"


def stored(form):
    return sections(form, path_of(form).read_text(encoding="utf-8"))


def sections(form, text):
    head = re.escape(HEADS[form]).replace(r"\{\}", "(.+)")
    parts = re.split(f"^{head}$", text, flags=re.M)[1:]
    return {name: part.strip("\n") for name, part in zip(parts[::2], parts[1::2])}


def forms(notebook, place):
    """The displays in every form; terminal and console work in folders of their own."""
    folders = [place / "terminal", place / "console"]
    for folder in folders:
        folder.mkdir()
        write_data(folder)
    return {"terminal": terminal(folders[0]), "console": console(folders[1]), "markdown": markdown(notebook), "latex": latex(notebook)}


@pytest.fixture(scope="module")
def found(displayed, tmp_path_factory):
    return forms(displayed, tmp_path_factory.mktemp("elsewhere"))


@pytest.mark.parametrize("form, name", PAIRS, ids=[f"{form}-{name}" for form, name in PAIRS])
def test_a_display_is_as_its_snapshot(form, name, found):
    varies = CELLS[name].varies
    text = found[form][name]
    assert skeleton(text, varies) == skeleton(stored(form).get(name, ""), varies), text


def test_a_snapshot_has_nothing_else():
    assert {(form, name) for form in FORMS for name in stored(form)} == set(PAIRS)


# A terminal.


def test_no_line_is_wider_than_the_terminal(found):
    texts = [*found["terminal"].values(), *found["console"].values()]
    assert [line for text in texts for line in text.splitlines() if width(line) > WIDE] == []


@pytest.mark.parametrize("form", ["terminal", "console"])
def test_no_word_is_broken(form, found, displayed):
    """What is wrapped and cut has the words of the same displays elsewhere."""
    for name, text in found[form].items():
        outputs = next(cell.outputs for cell in displayed.cells if cell.metadata.name == name)
        whole = form_of(outputs, ["text/plain"]) + form_of(outputs, ["text/markdown", "text/plain"])
        known = set(words(whole)) | set(words(CELLS[name].source))
        assert [word for line in text.splitlines() for word in words(line) if word not in known] == [], name


def words(text):
    return re.findall(r"[^\W\d_]{2,}", text)


def test_there_are_no_control_codes(found):
    for form in FORMS:
        for name, text in found[form].items():
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text), (form, name)


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "kernel").mkdir()
        made = forms(filled(Path(place) / "kernel"), Path(place))
    for form, texts in made.items():
        parts = [f"{HEADS[form].format(name)}\n\n{text}\n" for name, text in texts.items()]
        path_of(form).write_text("\n".join(parts), encoding="utf-8")
