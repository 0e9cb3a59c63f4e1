"""A disk that is full, or not to be written to, costs a run its states and nothing else.

Each case has a file system of its own in a mount namespace; where none may be made the tests say so.
"""

import hashlib
import shutil
import subprocess

import pytest

from conftest import LORIKEET

UNSHARE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
RUN = "model nano\nload toy train=200 test=16 validation=40\nfull\nset runs=runs\ntrain epochs=2 batch=8 lr=1e-3 as=r save_steps=8"
# Room for the run's entry, and for none of its states.
MOUNTS = {"full": "mount -t tmpfs -o size=24k none runs", "read-only": "mount -t tmpfs -o ro none runs"}


def can_mount():
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "mount -t tmpfs none /mnt"], capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not can_mount(), reason="no file system can be mounted here")


def run(folder, text, mount=""):
    (folder / "runs").mkdir(parents=True)
    (folder / "cell.lk").write_text(text)
    command = f"{mount or 'true'} || exit 99; '{LORIKEET}' run cell.lk; status=$?; echo; ls -A runs; exit $status"
    return subprocess.run([*UNSHARE, command], cwd=folder, capture_output=True, text=True, timeout=300)


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.safetensors")}


@pytest.mark.parametrize("case", MOUNTS)
def test_a_run_without_room_for_its_states_lives_on_in_memory(case, tmp_path):
    wanted = run(tmp_path / "roomy", f"{RUN}\nsave out")
    assert wanted.returncode == 0, wanted.stdout + wanted.stderr
    assert (tmp_path / "roomy/runs/r/run.json").exists()
    # A further run goes on from what is in memory.
    done = run(tmp_path / case, f"{RUN}\nsave out\ntrain epochs=1\nevaluate", MOUNTS[case])
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "is in memory alone" in said, said
    reason = {"full": "No space left on device", "read-only": "Read-only file system"}[case]
    assert reason in said, said
    # When it is found out, and not with every step.
    assert said.count("is in memory alone") == 1, said
    assert digests(tmp_path / case / "out") == digests(tmp_path / "roomy/out") != {}


def test_what_is_saved_on_a_full_disk_leaves_nothing_half(tmp_path):
    text = "model nano\nload toy train=64 test=16\nfull\ntrain steps=2 save_every=0\nsave runs/out"
    done = run(tmp_path / "full", text, MOUNTS["full"])
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "No space left on device" in said, said
    # `ls` has the last word, and names nothing.
    assert done.stdout.endswith("\n\n"), done.stdout
