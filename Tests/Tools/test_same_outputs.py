"""One notebook, one result, whoever runs it; and a failing cell fails the whole."""

import shutil

import pytest


def execute(tool, source, target):
    return tool("jupyter-execute", source, "--output", target)


def convert(tool, source, target):
    return tool("jupyter-nbconvert", "--to", "notebook", "--execute", source, "--output", target)


def run(tool, source, target):
    return tool("lorikeet", "run", source, "--output", target)


WAYS = pytest.mark.parametrize("way", [execute, convert, run], ids=["execute", "nbconvert", "lorikeet"])


@WAYS
def test_the_tour_gives_the_same_outputs(way, tool, tour, folder, outputs):
    shutil.copy(tour, folder / "tour.ipynb")
    reference = folder / "reference.ipynb"
    done = run(tool, folder / "tour.ipynb", reference)
    assert done.returncode == 0, done.stderr

    target = folder / "other.ipynb"
    done = way(tool, folder / "tour.ipynb", target)
    assert done.returncode == 0, done.stderr
    expected, found = outputs(reference), outputs(target)
    assert len(expected) == len(found)
    for index, (left, right) in enumerate(zip(expected, found)):
        assert left == right, f"code cell {index} differs"
    assert any(found), "no outputs at all"


@WAYS
def test_a_failing_cell_gives_exit_1(way, tool, write, folder):
    source = write("fails.ipynb", "echo before", "trian epochs=3", "echo after")
    done = way(tool, source, folder / "out.ipynb")
    assert done.returncode == 1
    assert "trian" in done.stdout + done.stderr


def test_a_script_runs_as_the_notebook_does(tool, folder):
    script = folder / "try.lk"
    script.write_text("model nano\nload toy\nlora r=4\ntrain epochs=1\nevaluate\n")
    done = tool("lorikeet", "run", script)
    assert done.returncode == 0, done.stderr
    assert "accuracy" in done.stdout.lower()
