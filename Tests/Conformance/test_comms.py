"""Comms: open lines between a front end and the kernel."""

import pytest
from talk import kinds

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
