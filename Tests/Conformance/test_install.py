"""Installing for Jupyter, and taking it back."""

import json
import os
import subprocess
from pathlib import Path

import pytest

row = pytest.mark.row


@pytest.fixture
def run(installed, tmp_path, monkeypatch):
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "JUPYTER_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def run(*arguments):
        return subprocess.run(
            [installed["argv"][0], *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path)

    return run


def places(tmp_path):
    prefix = tmp_path / "prefix"
    return {
        "user": (["--user"], {}, tmp_path / "home/.local/share/jupyter/kernels"),
        "data folder": (["--user"], {"JUPYTER_DATA_DIR": tmp_path / "data"}, tmp_path / "data/kernels"),
        "sys-prefix": (["--sys-prefix"], {"VIRTUAL_ENV": prefix}, prefix / "share/jupyter/kernels"),
        "prefix": (["--prefix", prefix], {}, prefix / "share/jupyter/kernels"),
        "relative prefix": (["--prefix", "prefix"], {}, prefix / "share/jupyter/kernels"),
    }


@row("install: --user --sys-prefix --prefix --name --display-name")
@pytest.mark.parametrize("place", ["user", "data folder", "sys-prefix", "prefix", "relative prefix"])
def test_it_installs_where_it_is_told(run, place, tmp_path, monkeypatch):
    arguments, environment, folder = places(tmp_path)[place]
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    done = run("install", *arguments, "--name", "bird.1", "--display-name", "A Bird")
    assert done.returncode == 0, done.stderr
    spec = json.loads((folder / "bird.1/kernel.json").read_text())
    assert spec["display_name"] == "A Bird" and spec["language"] == "lorikeet"
    assert os.path.isabs(spec["argv"][0]) and os.access(spec["argv"][0], os.X_OK)
    assert "{connection_file}" in spec["argv"]
    assert spec["interrupt_mode"] in ("message", "signal")
    assert spec["metadata"]["supported_encryption"] == ["curve"]


@row("install: --user --sys-prefix --prefix --name --display-name")
def test_two_places_at_once_are_refused(run):
    assert run("install", "--user", "--prefix", "x").returncode != 0
    assert run("install", "--user", "--name", "../x").returncode != 0


@row("uninstall")
def test_what_was_installed_goes_again(run, tmp_path):
    run("install", "--prefix", tmp_path)
    folder = tmp_path / "share/jupyter/kernels/lorikeet"
    assert folder.exists()
    assert run("uninstall", "--prefix", tmp_path).returncode == 0
    assert not folder.exists()
    again = run("uninstall", "--prefix", tmp_path)
    assert again.returncode != 0 and "no kernel" in again.stderr


@row("logos 32, 64, svg")
def test_the_logos_are_there_in_three_forms(run, tmp_path):
    run("install", "--prefix", tmp_path)
    folder = tmp_path / "share/jupyter/kernels/lorikeet"
    for size in (32, 64):
        header = (folder / f"logo-{size}x{size}.png").read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(header[16:20], "big") == int.from_bytes(header[20:24], "big") == size
    assert (folder / "logo-svg.svg").read_text().startswith("<svg ")
    source = Path(__file__).resolve().parents[2] / "kernelspec"
    for logo in source.glob("logo-*"):
        assert logo.read_bytes() == (folder / logo.name).read_bytes(), "run kernelspec/make_logos.py"
