"""Birth, interrupts and death."""

import json
import os
import signal
import subprocess
import sys
import psutil
import pytest
from talk import PATIENCE, kinds, wait_for

row = pytest.mark.row


def is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def interrupted(kernel, interrupt):
    """Interrupts a cell, and checks that it ends well."""
    kernel.run("kept = 1")
    cell = kernel.start_cell("kept = 2\necho set\nsleep 600")
    kernel.wait_until_running(cell, shown="stream")
    interrupt()
    reply = kernel.reply(cell)["content"]
    assert reply["status"] == "error" and reply["ename"]
    assert kinds(kernel.outputs(cell)).count("error") == 1
    result = kernel.run("$kept")[1][-1]
    assert result["content"]["data"]["text/plain"] == "2"


@row("interrupt by signal, state kept")
def test_a_signal_interrupts(kernel):
    for _ in range(3):
        interrupted(kernel, lambda: os.kill(kernel.pid, signal.SIGINT))


@row("interrupt by message, state kept")
def test_a_message_interrupts(kernel):
    assert kernel.manager.kernel_spec.interrupt_mode == "message"
    interrupted(kernel, kernel.manager.interrupt_kernel)
    interrupted(kernel, lambda: kernel.ask("interrupt_request", on="control"))


@row("interrupt by message, state kept")
def test_training_can_be_interrupted(kernel):
    assert kernel.run("model nano\nload toy")[0]["status"] == "ok"
    cell = kernel.start_cell("train epochs=500")
    while kernel.client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "update_display_data":
        pass
    kernel.ask("interrupt_request", on="control")
    # Runners of notebooks are told by the reply; a person reads the panel, which is no error.
    assert kernel.reply(cell)["content"]["status"] == "error"
    outputs = kernel.outputs(cell)
    assert "error" not in kinds(outputs)
    last = [output for output in outputs if output["msg_type"] == "update_display_data"][-1]
    assert "stopped by you" in last["content"]["data"]["text/plain"]
    assert kernel.run("evaluate")[0]["status"] == "ok"


def test_an_interrupt_without_a_cell_harms_nothing(kernel):
    os.kill(kernel.pid, signal.SIGINT)
    assert kernel.ask("interrupt_request", on="control") == {"status": "ok"}
    assert kernel.is_well()


@row("shutdown and restart")
@pytest.mark.parametrize("code", ["", "sleep 600"])
def test_shutdown_is_answered_and_obeyed_at_once(kernel, code):
    kernel.wait_until_running(kernel.start_cell(code))
    process = psutil.Process(kernel.pid)
    ask = kernel.send("shutdown_request", {"restart": False}, on="control")
    assert kernel.reply(ask, on="control")["content"] == {"status": "ok", "restart": False}
    assert "shutdown_reply" in kinds(kernel.outputs(ask))
    wait_for(lambda: is_gone(process))


@row("shutdown and restart")
@pytest.mark.parametrize("restart", [False, True])
def test_a_shutdown_ends_a_training_and_leaves_nothing_behind(restart, start, tmp_path):
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "LORIKEET_HOME": str(home), "TMPDIR": str(temporary)}
    kernel = start(environment=environment)
    assert kernel.run("model nano\nload toy\nlora r=4")[0]["status"] == "ok"
    kernel.start_cell("train epochs=10000")
    while kernel.client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "update_display_data":
        pass
    process = psutil.Process(kernel.pid)
    children = process.children(recursive=True)
    ask = kernel.send("shutdown_request", {"restart": restart}, on="control")
    assert kernel.reply(ask, on="control")["content"] == {"status": "ok", "restart": restart}
    wait_for(lambda: is_gone(process))
    assert all(is_gone(child) for child in children)
    assert list(temporary.iterdir()) == []
    assert {path.name.split("-")[0] for path in home.iterdir()} <= {"history.sqlite"}
    # The next one with the same history begins as usual, and knows what ran before.
    other = start(environment=environment)
    assert other.run("status")[0]["status"] == "ok"
    past = other.ask("history_request", {"hist_access_type": "tail", "n": 5, "output": False, "raw": True})
    assert "model nano\nload toy\nlora r=4" in [entry[2] for entry in past["history"]]


@row("shutdown and restart")
@pytest.mark.parametrize("way", ["shutdown_request", "SIGTERM"])
def test_a_training_that_is_ended_with_its_kernel_keeps_its_last_step(way, start, tmp_path):
    kernel = start()
    assert kernel.run("model nano\nload toy train=32 test=16\nlora r=4")[0]["status"] == "ok"
    kernel.wait_until_running(kernel.start_cell("train epochs=10000"), shown="update_display_data")
    process = psutil.Process(kernel.pid)
    if way == "SIGTERM":
        process.terminate()
    else:
        kernel.ask("shutdown_request", {"restart": True}, on="control")
    wait_for(lambda: is_gone(process))
    entry = json.loads((tmp_path / "lorikeet-runs/run-1/run.json").read_text())
    assert entry["status"] == "interrupted" and entry["step"] > 0, entry
    shown = start().run("runs")[1][-1]["content"]["data"]["text/plain"]
    assert "interrupted" in shown and f" {entry['step']}/" in shown


@row("shutdown and restart")
def test_a_restarted_kernel_begins_anew(kernel):
    kernel.run("x = 1")
    kernel.client.stop_channels()
    kernel.manager.restart_kernel()
    kernel.client = kernel.connect()
    assert kernel.run("$x")[0]["status"] == "error"
    assert kernel.run("x = 2")[0]["execution_count"] == 2


@row("dies with its parent")
@pytest.mark.parametrize("code", ["", "sleep 600"])
def test_an_orphan_dies(code):
    script = f"""
import time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="lorikeet")
client.execute({code!r})
print(manager.provisioner.pid, flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    process = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    wait_for(lambda: is_gone(process))


def test_a_termination_signal_ends_it(kernel):
    process = psutil.Process(kernel.pid)
    kernel.wait_until_running(kernel.start_cell("sleep 600"))
    process.terminate()
    wait_for(lambda: is_gone(process))


def test_a_closed_pipe_does_not_end_it(kernel):
    os.kill(kernel.pid, signal.SIGPIPE)
    assert kernel.is_well()


def test_what_a_cell_waits_for_ends_with_the_kernel(start, tmp_path):
    """A pip that would fetch for ever, in the place of Python's own."""
    pip, marker = tmp_path / "python3", tmp_path / "pid"
    pip.write_text(f"#!/bin/sh\necho $$ > {marker}.new; mv {marker}.new {marker}; exec sleep 600\n")
    pip.chmod(0o700)
    environment = os.environ | {"LORIKEET_PYTHON": str(pip), "LORIKEET_HOME": str(tmp_path / "home")}
    kernel = start(environment=environment)
    kernel.start_cell("model minilm")
    wait_for(marker.exists)
    child = psutil.Process(int(marker.read_text()))
    kernel.ask("shutdown_request", {"restart": False}, on="control")
    wait_for(lambda: is_gone(child))


def test_no_child_is_left_behind(kernel):
    reply, _ = kernel.run("model nano\nload toy train=50 test=20\ntrain epochs=1;\nplot loss")
    assert reply["status"] == "ok", reply
    assert not psutil.Process(kernel.pid).children(recursive=True)
