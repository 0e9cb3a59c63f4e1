"""What people run in CI: papermill, nbval, jupytext, the console, and `lorikeet run --check`."""

import json
import shutil

import nbformat
import pytest


@pytest.fixture
def executed(tool, tour, folder):
    target = folder / "stored.ipynb"
    done = tool("lorikeet", "run", tour, "--output", target)
    assert done.returncode == 0, done.stderr
    return target


def test_papermill_injects_parameters(tool, tour, folder, outputs):
    target = folder / "out.ipynb"
    done = tool("papermill", "--language", "bash", "--no-progress-bar", tour, target, "-p", "epochs", "1", "-p", "lr", "0.02")
    assert done.returncode == 0, done.stderr
    assert "1 epochs at 0.02" in json.dumps(outputs(target))


def test_papermill_injects_every_kind_of_value(tool, write, folder, outputs):
    source = write("kinds.ipynb", "name=a\nflag=false\ntargets=x\nlr=1", "echo $name $flag $targets $lr")
    notebook = nbformat.read(source, as_version=4)
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, source)
    target = folder / "out.ipynb"
    values = "{name: my run, flag: true, targets: [q_proj, v_proj], lr: 0.0001}"
    done = tool("papermill", "--language", "bash", "--no-progress-bar", source, target, "-y", values)
    assert done.returncode == 0, done.stderr
    said = json.dumps(outputs(target))
    for part in ("my run", "true", "q_proj", "v_proj", "0.0001"):
        assert part in said


def test_nbval_finds_no_difference(tool, executed):
    done = tool("pytest", "--nbval", "--nbval-kernel-name", "lorikeet", "-p", "no:cacheprovider", executed)
    assert done.returncode == 0, done.stdout


def test_nbval_finds_a_difference(tool, executed):
    tampered = executed.read_text().replace("3 epochs at", "4 epochs at")
    executed.write_text(tampered)
    done = tool("pytest", "--nbval", "--nbval-kernel-name", "lorikeet", "-p", "no:cacheprovider", executed)
    assert done.returncode != 0


def test_check_compares_with_the_stored_outputs(tool, executed):
    done = tool("lorikeet", "run", "--check", executed)
    assert done.returncode == 0, done.stdout + done.stderr

    notebook = nbformat.read(executed, as_version=4)
    notebook.cells[2].outputs = []
    nbformat.write(notebook, executed)
    done = tool("lorikeet", "run", "--check", executed)
    assert done.returncode == 1
    assert "3 epochs at" in done.stdout + done.stderr


@pytest.mark.parametrize("form", ["md", "md:myst"])
def test_jupytext_goes_there_and_back(form, tool, tour, folder):
    shutil.copy(tour, folder / "tour.ipynb")
    done = tool("jupytext", "--to", form, folder / "tour.ipynb")
    assert done.returncode == 0, done.stderr
    done = tool("jupytext", "--to", "ipynb", "--output", folder / "back.ipynb", folder / "tour.md")
    assert done.returncode == 0, done.stderr
    there, back = (nbformat.read(folder / name, as_version=4) for name in ("tour.ipynb", "back.ipynb"))
    assert [(c.cell_type, c.source) for c in there.cells] == [(c.cell_type, c.source) for c in back.cells]
    done = tool("jupyter-execute", folder / "back.ipynb")
    assert done.returncode == 0, done.stderr


def test_the_console_answers(tool, folder):
    done = tool("jupyter-console", "--kernel", "lorikeet", "--simple-prompt", input="echo hello from here\nexit\n", timeout=60)
    assert "hello from here" in done.stdout
