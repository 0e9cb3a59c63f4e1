"""A run that is killed at any moment, and resumed in a new process, ends with the bytes of one that never stopped.

The nightly run does it on MiniLM, at twenty moments for each method and number of workers.
"""

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import LORIKEET

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Conformance"))
from talk import PATIENCE, Kernel, text_of  # noqa: E402

NIGHTLY = bool(os.environ.get("LORIKEET_NIGHTLY"))
# What is loaded, how often it is killed or interrupted, and the steps of four epochs in batches of 8: MiniLM's texts are
# short and few, so that eighty kills take minutes.
CASES = {
    "nano": ("model nano\nload toy train=1600 test=16 validation=40", 4, 800),
    "minilm": ("model minilm\nload imdb train=80 test=16 validation=16 max_length=32", 20, 40),
}
METHODS = {"lora": "lora r=4 dropout=0.1", "full": "full"}
EVERY = 8


def lines(case, method, workers, *rest):
    return "\n".join([f"set workers={workers}", CASES[case][0], METHODS[method], *rest])


def run(folder, text):
    script = folder / "cell.lk"
    script.write_text(text)
    return subprocess.Popen(
        [LORIKEET, "run", str(script)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def digest(folder):
    names = sorted(path for path in folder.rglob("*.safetensors"))
    assert names
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in names]


def is_whole(folder):
    """No state is cut off: each can be read to its end."""
    for path in folder.glob("lorikeet-runs/r/step-*.safetensors"):
        data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        ends = [value["data_offsets"][1] for name, value in header.items() if name != "__metadata__"]
        assert 8 + length + max(ends) == len(data), path.name
    return True


def reached(note):
    """The last step of which a state was noted; -1 before the run is."""
    return json.loads(note.read_text())["step"] if note.exists() else -1


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_a_killed_run_is_resumed_to_the_same_bytes(case, method, workers, tmp_path):
    if case != "nano" and not NIGHTLY:
        pytest.skip("runs nightly")
    moments = CASES[case][1]
    train = f"train epochs=4 batch=8 lr=1e-3 as=r save_steps={EVERY}"
    whole = tmp_path / "whole"
    whole.mkdir()
    process = run(whole, lines(case, method, workers, train, "save out"))
    text, _ = process.communicate(timeout=900)
    assert process.returncode == 0, text
    wanted = digest(whole / "out")
    entry = json.loads((whole / "lorikeet-runs/r/run.json").read_text())
    assert entry["status"] == "finished" and entry["steps"] >= 5 * EVERY
    draw = random.Random(f"{case} {method} {workers}")
    resumed_at = []
    for moment in range(moments):
        folder = tmp_path / f"killed-{moment}"
        folder.mkdir()
        process = run(folder, lines(case, method, workers, train))
        note = folder / "lorikeet-runs/r/run.json"
        # A step is drawn, not a second: how fast it trains is the machine's, and the moment must lie in the run.
        place = draw.randrange(CASES[case][2] * 4 // 5)
        deadline = time.monotonic() + 300
        while reached(note) < place - place % EVERY and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.005)
        time.sleep(draw.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert is_whole(folder)
        entry = json.loads(note.read_text())
        state = entry["step"]
        text, _ = (after := run(folder, "resume r\nsave out")).communicate(timeout=900)
        assert after.returncode == 0, text
        assert digest(folder / "out") == wanted, f"killed when {state} steps were written"
        if entry["status"] == "finished":
            assert "had come to its end" in text, text
            continue
        # A state may have been renamed into place just before its entry was.
        begun = int(re.search(r"goes on at step (\d+)", text)[1])
        assert begun in (state, state + EVERY) and begun % EVERY == 0, text
        resumed_at.append(begun)
    assert resumed_at and (moments < 10 or max(resumed_at) >= EVERY), resumed_at


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_script_that_is_told_to_end_keeps_what_it_reached(number, tmp_path):
    """Batch systems send SIGTERM, a terminal that is closed SIGHUP."""
    process = run(tmp_path, "model nano\nload toy\nfull\ntrain epochs=5000 as=r")
    note = tmp_path / "lorikeet-runs/r/run.json"
    deadline = time.monotonic() + 120
    while not note.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(1)
    process.send_signal(number)
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 130, text
    entry = json.loads(note.read_text())
    assert entry["status"] == "interrupted" and entry["step"] > 0 and is_whole(tmp_path), text


def test_what_was_started_with_nohup_outlives_its_terminal(tmp_path):
    script = tmp_path / "cell.lk"
    script.write_text("model nano\nload toy\nfull\ntrain epochs=100 as=r")
    process = subprocess.Popen(
        ["nohup", LORIKEET, "run", str(script)], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    note = tmp_path / "lorikeet-runs/r/run.json"
    deadline = time.monotonic() + 120
    while not note.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGHUP)
    text, _ = process.communicate(timeout=300)
    assert process.returncode == 0, text
    assert json.loads(note.read_text())["status"] == "finished"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_a_run_interrupted_again_and_again_ends_with_the_same_bytes(case, method, workers, folder):
    if case != "nano" and not NIGHTLY:
        pytest.skip("runs nightly")
    wanted_stops = CASES[case][1]
    train = "train epochs=4 batch=8 lr=1e-3"
    process = run(folder, lines(case, method, workers, train, "save whole"))
    text, _ = process.communicate(timeout=900)
    assert process.returncode == 0, text
    total = CASES[case][2]
    places = sorted(random.Random(f"{case} {method} {workers} stops").sample(range(1, total), wanted_stops))
    kernel = Kernel(folder=folder)
    try:
        reply = kernel.run(lines(case, method, workers))[0]
        assert reply["status"] == "ok", reply
        reached, goes_on = [], []
        command = train
        while True:
            cell = kernel.start_cell(command)
            place = places[len(reached)] if len(reached) < len(places) else None
            outputs = stop_at(kernel, cell, place)
            text = everything(outputs)
            if command == "resume":
                goes_on.append(int(re.search(r"goes on at step (\d+)", text)[1]))
            stopped = re.search(r"stopped\s+at\s+step\s+(\d+)\s+of", text)
            if not stopped:
                break
            reached.append(int(stopped[1]))
            command = "resume"
        # No step is made twice, and none is left out.
        assert goes_on == reached, (goes_on, reached)
        # A nano model makes many steps before it is told.
        assert len(set(reached)) >= (1 if case == "nano" else len(places) // 2), reached
        assert kernel.run("save pieces")[0]["status"] == "ok"
    finally:
        kernel.close()
    assert digest(folder / "pieces") == digest(folder / "whole")


def everything(outputs):
    """What stands in a cell at its end: a display is what it was last."""
    shown, texts = {}, [text_of(outputs)]
    for number, output in enumerate(outputs):
        content = output["content"]
        if "data" in content:
            shown[content.get("transient", {}).get("display_id", number)] = content["data"].get("text/plain", "")
    return "\n".join(texts + list(shown.values()))


def stop_at(kernel, cell, place):
    """All that a cell puts out; it is interrupted once it shows that step, or one after it."""
    outputs, is_asked = [], False
    while True:
        message = kernel.client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != cell:
            continue
        outputs.append(message)
        content = message["content"]
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return outputs
        shown = re.search(r"step (\d+)/", content.get("data", {}).get("text/plain", ""))
        if place is not None and not is_asked and shown and int(shown[1]) >= place:
            is_asked = True
            kernel.ask("interrupt_request", on="control")
