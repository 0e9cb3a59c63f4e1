"""The tools people run notebooks with, from the virtual environment that runs these tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from displays import filled
from nbformat.v4 import new_code_cell, new_notebook

TOP = Path(__file__).resolve().parents[2]
LORIKEET = os.environ.get("LORIKEET", str(TOP / ".build/release/lorikeet"))
KERNEL = {"name": "lorikeet", "display_name": "Lorikeet", "language": "lorikeet"}


@pytest.fixture
def tour(tmp_path_factory):
    """A copy: the tour writes files beside itself."""
    return Path(shutil.copy(TOP / "notebooks/tour.ipynb", tmp_path_factory.mktemp("tour")))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, with settings of its own."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def displayed(tmp_path_factory):
    """A notebook with every display once, as a kernel has filled it."""
    if not shutil.which("gnuplot"):
        pytest.skip("gnuplot, which draws static plots, is not installed")
    return filled(tmp_path_factory.mktemp("displays"))


@pytest.fixture
def tool():
    """Runs a tool of the environment, or `lorikeet`; returns the finished process."""

    def run(name, *arguments, timeout=300, **options):
        binary = LORIKEET if name == "lorikeet" else str(Path(sys.executable).parent / name)
        return subprocess.run(
            [binary, *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
            env=os.environ, **options,
        )

    return run


@pytest.fixture
def write(folder):
    def notebook(name, *cells):
        written = new_notebook(
            cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": KERNEL}
        )
        nbformat.write(written, folder / name)
        return folder / name

    return notebook


@pytest.fixture
def outputs():
    """The outputs of a notebook, cell by cell, as plain data; adjoining text of a stream is one."""

    def read(path):
        return [list(joined(cell.outputs)) for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]

    def joined(found):
        previous = None
        for output in found:
            output = {key: value for key, value in output.items() if key not in ("execution_count", "transient")}
            if previous and output["output_type"] == "stream" and previous.get("name") == output.get("name"):
                previous["text"] += output["text"]
                continue
            if previous:
                yield previous
            previous = output
        if previous:
            yield previous

    return read
