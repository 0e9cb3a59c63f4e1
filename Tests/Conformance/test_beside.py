"""Cells of a subshell beside a running `train`, and that the training never notices."""

import hashlib
from pathlib import Path

import pytest
from talk import kinds

BEFORE = "model nano\nload toy train=400 test=50\nlora r=4 dropout=0.1\ntrain steps=2 seed=1;\nkept=1"
TRAIN = "train epochs=40 seed=3;"
REFUSED = ["save FOLDER", "open SAVED", "merge FOLDER", "load toy", "reset", "lora r=2", "evaluate", "train"]
ALLOWED = ["status", "params", "plot loss", "show tokens", "table epochs", "set seed=9", "reset settings", "x=5"]


def trained(kernel, folder):
    """The bytes of the adapter and its head."""
    assert kernel.run(f"save {folder};")[0]["status"] == "ok"
    return hashlib.sha256(Path(folder, "adapter_model.safetensors").read_bytes()).hexdigest()


def finish(kernel, cell):
    """Waits for a long cell by its progress, which comes however slow the machine is."""
    kernel.outputs(cell)
    assert kernel.reply(cell)["content"]["status"] == "ok"


@pytest.mark.row("subshells")
def test_training_does_not_notice_what_is_asked_beside_it(start, tmp_path):
    alone = start()
    assert alone.run(BEFORE)[0]["status"] == "ok"
    finish(alone, alone.start_cell(TRAIN))
    undisturbed = trained(alone, tmp_path / "alone")

    kernel = start()
    assert kernel.run(BEFORE)[0]["status"] == "ok"
    saved = trained(kernel, tmp_path / "saved")
    name = kernel.ask("create_subshell_request", on="control")["subshell_id"]
    busy = kernel.start_cell(TRAIN)
    kernel.wait_until_running(busy, shown="update_display_data")

    def beside(code, **content):
        return kernel.reply(kernel.start_cell(code, header={"subshell_id": name}, **content))["content"]

    for code in ALLOWED:
        assert beside(code)["status"] == "ok", code
    for code in REFUSED:
        code = code.replace("FOLDER", str(tmp_path / "beside")).replace("SAVED", str(tmp_path / "saved"))
        reply = beside(code)
        assert (reply["status"], reply["ename"]) == ("error", "busy"), code
        assert "train is at work" in reply["evalue"]
    asked = beside("", silent=True, user_expressions={"x": "$x", "loss": "loss"})["user_expressions"]
    assert [asked[key]["status"] for key in ("x", "loss")] == ["ok", "ok"]
    assert kernel.ask("complete_request", {"code": "lora targets=qu", "cursor_pos": 15})["matches"] == ["query"]
    assert kernel.ask("inspect_request", {"code": "train", "cursor_pos": 3})["found"]
    opened = kernel.send("comm_open", {"comm_id": "c", "target_name": "lorikeet.echo", "data": {"n": 1}},
                         header={"subshell_id": name})
    assert "comm_msg" in kinds(kernel.outputs(opened))

    finish(kernel, busy)
    assert kernel.run("$x")[1][-1]["content"]["data"]["text/plain"] == "5"
    assert not (tmp_path / "beside").exists()
    final = trained(kernel, tmp_path / "final")
    assert final == undisturbed and final != saved
