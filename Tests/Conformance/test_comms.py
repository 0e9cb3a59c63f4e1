"""Comms: open lines between a front end and the kernel."""

import pytest
from talk import PATIENCE, kinds

row = pytest.mark.row


@row("comm open, msg, close, info; buffers")
def test_a_comm_carries_buffers_both_ways(kernel):
    buffers = [b"\x00\xff", b""]
    opening = {"comm_id": "c1", "target_name": "lorikeet.echo", "data": {"n": 1}}
    opened = kernel.outputs(kernel.send("comm_open", opening, buffers=buffers))
    assert kinds(opened) == ["status", "comm_msg", "status"]
    assert opened[1]["content"] == {"comm_id": "c1", "data": {"n": 1}}
    assert [bytes(b) for b in opened[1]["buffers"]] == buffers
    echoed = kernel.outputs(kernel.send("comm_msg", {"comm_id": "c1", "data": {"n": 2}}, buffers=[b"x"]))
    assert echoed[1]["content"]["data"] == {"n": 2} and bytes(echoed[1]["buffers"][0]) == b"x"
    assert kernel.ask("comm_info_request")["comms"] == {"c1": {"target_name": "lorikeet.echo"}}
    assert kernel.ask("comm_info_request", {"target_name": "other"})["comms"] == {}
    kernel.send("comm_close", {"comm_id": "c1", "data": {}})
    assert kernel.ask("comm_info_request")["comms"] == {}


@row("unknown comm target closed")
def test_an_unknown_target_is_closed_at_once(kernel):
    outputs = kernel.outputs(kernel.send("comm_open", {"comm_id": "c2", "target_name": "nobody", "data": {}}))
    assert kinds(outputs) == ["status", "comm_close", "status"]
    assert outputs[1]["content"]["comm_id"] == "c2"


def test_a_page_loaded_while_a_cell_runs_is_told_what_it_missed(kernel):
    message = kernel.client.session.msg(
        "execute_request", {"code": "echo shown\nsleep 600"}, metadata={"cellId": "c-1"}
    )
    kernel.client.session.send(kernel.client.shell_channel.socket, message)
    cell = message["header"]["msg_id"]
    while kernel.client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "stream":
        pass
    asked = kernel.send("comm_open", {"comm_id": "c3", "target_name": "lorikeet.live", "data": {"since": 0}})
    (answer,) = [o for o in kernel.outputs(asked) if o["msg_type"] == "comm_close"]
    (missed,) = answer["content"]["data"]["cells"]
    assert (missed["cell_id"], missed["msg_id"], missed["ended"]) == ("c-1", cell, False)
    assert [m["content"]["text"] for m in missed["messages"]] == ["shown\n"]
    kernel.ask("interrupt_request", on="control")
    assert kernel.reply(cell)["content"]["status"] == "error"
