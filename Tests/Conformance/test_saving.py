"""A kernel that ends while it saves leaves a whole folder, or none, and nothing beside it for long."""

import os
import signal

import psutil
import pytest
from talk import wait_for
from test_life import is_gone

TUNED = "model nano\nload toy train=50 test=20\nlora r=2\ntrain epochs=1;"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "saved"
    place.mkdir()
    return place


@pytest.fixture
def saving(start, folder):
    """Starts a kernel that saves without end, once it has saved once."""

    def saving():
        kernel = start()
        reply, _ = kernel.run(TUNED)
        assert reply["status"] == "ok", reply
        before = mark(folder)
        cell = kernel.start_cell(f"save {folder}/adapter;\n" * 5000)
        wait_for(lambda: mark(folder) != before)
        return kernel, cell

    return saving


def mark(folder):
    """Changes with every folder that takes the place of another."""
    adapter = folder / "adapter"
    return adapter.stat().st_ino if adapter.exists() else None


def half_written(folder):
    return [name for name in os.listdir(folder) if name.endswith(".part")]


def end(process, how):
    how()
    wait_for(lambda: is_gone(process))


def test_what_a_killed_kernel_was_saving_goes_with_the_next_save(start, saving, folder):
    # Nearly always something is half written when the signal comes; never is it twenty times in a row.
    for _ in range(20):
        process = psutil.Process(saving()[0].pid)
        end(process, process.kill)
        if half_written(folder):
            break
    assert half_written(folder)
    kernel = start()
    reply, _ = kernel.run(f"{TUNED}\nsave {folder}/other;\nopen {folder}/adapter;")
    assert reply["status"] == "ok", reply
    assert sorted(os.listdir(folder)) == ["adapter", "other"]


@pytest.mark.parametrize("way", ["shutdown_request", "SIGTERM"])
def test_an_ending_kernel_leaves_nothing_half_written(way, saving, folder):
    for _ in range(4):
        kernel, _ = saving()
        process = psutil.Process(kernel.pid)
        if way == "SIGTERM":
            end(process, process.terminate)
        else:
            end(process, lambda: kernel.ask("shutdown_request", {"restart": False}, on="control"))
        assert os.listdir(folder) == ["adapter"]


def test_a_storm_of_interrupts_leaves_nothing_half_written(saving, folder):
    kernel, cell = saving()
    for _ in range(300):
        os.kill(kernel.pid, signal.SIGINT)
    reply = kernel.reply(cell)["content"]
    assert (reply["status"], reply["ename"]) == ("error", "Interrupted"), reply
    kernel.outputs(cell)
    assert os.listdir(folder) == ["adapter"]
    assert kernel.is_well()


@pytest.mark.parametrize("way", ["kill", "terminate"])
def test_no_earlier_cell_of_a_kernel_that_ends_while_it_trains_is_forgotten(way, start, tmp_path):
    environment = os.environ | {"LORIKEET_HOME": str(tmp_path)}
    kernels = [start(environment=environment) for _ in range(2)]
    for number in range(10):
        for kernel in kernels:
            kernel.run(f"echo {number} of {kernel.pid}")
    for kernel in kernels:
        kernel.ask("history_request", {"hist_access_type": "tail", "n": 1})  # what was recorded is stored by now
        assert kernel.run("model nano\nload toy")[0]["status"] == "ok"
        kernel.wait_until_running(kernel.start_cell("train epochs=500"), shown="update_display_data")
        process = psutil.Process(kernel.pid)
        end(process, getattr(process, way))
    asked = start(environment=environment).ask(
        "history_request", {"hist_access_type": "search", "pattern": "echo *", "raw": True, "output": False})
    assert [line for _, line, _ in asked["history"]] == [*range(1, 11)] * 2
    assert {source for _, _, source in asked["history"]} == {
        f"echo {number} of {kernel.pid}" for number in range(10) for kernel in kernels}
