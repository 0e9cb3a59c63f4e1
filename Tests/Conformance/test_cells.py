"""Cells: what they show, how they are counted, how they fail."""

import pytest
from talk import PATIENCE, kinds, text_of

row = pytest.mark.row


@row("silent / store_history honoured")
def test_silent_cells_leave_no_trace(kernel):
    reply, outputs = kernel.run("echo x\nversion", silent=True)
    assert (reply["status"], reply["execution_count"], outputs) == ("ok", 0, [])
    kernel.run("x = 1", silent=True, store_history=True)
    reply, outputs = kernel.run("$x", store_history=False)
    assert kinds(outputs) == ["execute_input", "execute_result"]
    assert kernel.run("echo y")[0]["execution_count"] == 1
    tail = kernel.ask("history_request", {"hist_access_type": "tail", "n": 1, "raw": True, "output": False})
    assert tail["history"][0][1:] == [1, "echo y"]


@row("user_expressions")
def test_user_expressions_are_answered_one_by_one(kernel):
    asked = {"good": "$rate", "bad": "$nothing"}
    answers = kernel.run("rate = 1e-3", user_expressions=asked)[0]["user_expressions"]
    assert answers["good"] == {"status": "ok", "data": {"text/plain": "1e-3"}, "metadata": {}}
    assert answers["bad"]["status"] == "error"
    assert {"ename", "evalue", "traceback"} <= answers["bad"].keys()


@row("stop_on_error aborts the queue")
def test_an_error_aborts_what_waits(kernel):
    first = kernel.start_cell("x=?\nnonsense", allow_stdin=True)
    assert kernel.client.get_stdin_msg(timeout=PATIENCE)["msg_type"] == "input_request"
    cells = [first, kernel.start_cell("echo 1"), kernel.start_cell("echo 2")]
    kernel.ask("kernel_info_request")  # asked after them and answered at once: they have arrived, and wait
    kernel.client.input("1")
    replies = [kernel.reply(cell)["content"] for cell in cells]
    assert [reply["status"] for reply in replies] == ["error"] * 3
    for reply in replies[1:]:
        assert reply["ename"] and reply["evalue"] and reply["traceback"] == []
        assert isinstance(reply["execution_count"], int)
    shown = [[kind for kind in kinds(kernel.outputs(cell)) if kind != "status"] for cell in cells]
    assert shown == [["execute_input", "error"], [], []]
    assert kernel.is_well()


@row("stop_on_error aborts the queue")
def test_without_it_the_queue_goes_on(kernel):
    cells = [kernel.start_cell("nonsense", stop_on_error=False), kernel.start_cell("echo 1")]
    assert [kernel.reply(cell)["content"]["status"] for cell in cells] == ["error", "ok"]


@row("one request at a time on iopub")
def test_queued_cells_are_told_one_by_one(kernel):
    cells = [kernel.start_cell(f"echo {n}\nversion") for n in range(100)]
    told = []
    while len(told) < 500:
        message = kernel.client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"]:
            told.append((message["parent_header"]["msg_id"], message["msg_type"]))
    each = ["status", "execute_input", "stream", "execute_result", "status"]
    assert told == [(cell, kind) for cell in cells for kind in each]


@row("execute_result, display_data")
def test_the_last_value_is_the_result_and_earlier_ones_are_displayed(kernel):
    reply, outputs = kernel.run("version\nversion")
    assert kinds(outputs) == ["execute_input", "display_data", "execute_result"]
    assert outputs[2]["content"]["data"]["text/plain"].startswith("Lorikeet ")
    assert outputs[2]["content"]["execution_count"] == reply["execution_count"] == 1
    assert kinds(kernel.run("version;")[1]) == ["execute_input"]


@row("update_display_data")
def test_progress_is_one_display_updated_in_place(kernel):
    reply, outputs = kernel.run("model nano\nload toy train=200 test=50\ntrain epochs=2")
    assert reply["status"] == "ok", reply
    shown = [o["content"]["transient"].get("display_id") for o in outputs if o["msg_type"] == "display_data"]
    updates = [o for o in outputs if o["msg_type"] == "update_display_data"]
    identifiers = {o["content"]["transient"]["display_id"] for o in updates}
    assert updates and identifiers <= set(shown)
    assert "text/plain" in updates[-1]["content"]["data"]


@row("clear_output(wait)")
def test_output_is_cleared_at_once_or_with_the_next(kernel):
    outputs = kernel.run("echo a\nclear\necho b\nclear wait=yes")[1]
    assert kinds(outputs) == ["execute_input", "stream", "clear_output", "stream", "clear_output"]
    assert [outputs[2]["content"], outputs[4]["content"]] == [{"wait": False}, {"wait": True}]


@row("exactly one error message")
@pytest.mark.parametrize("code", ["nonsense", "echo ok\ntrain", "echo n=many", "$nothing"])
def test_a_failing_cell_sends_exactly_one_error(kernel, code):
    reply, outputs = kernel.run(code)
    errors = [o["content"] for o in outputs if o["msg_type"] == "error"]
    assert len(errors) == 1 and reply["status"] == "error"
    for key in ("ename", "evalue", "traceback"):
        assert errors[0][key] and errors[0][key] == reply[key]


@row("coalesced stdout, none lost in a flood")
def test_a_flood_comes_whole_in_few_messages(kernel):
    for _ in range(3):
        outputs = kernel.run("echo n=200000")[1]
        assert text_of(outputs) == "".join(f"{n}\n" for n in range(200000))
        assert len(outputs) < 100


@row("coalesced stdout, none lost in a flood")
def test_standard_error_is_a_stream_of_its_own(kernel):
    outputs = kernel.run("echo out\necho oops to=stderr\necho again")[1]
    assert [(o["content"]["name"], o["content"]["text"]) for o in outputs[1:]] == [
        ("stdout", "out\n"), ("stderr", "oops\n"), ("stdout", "again\n")]


@row("output cap a cell")
def test_a_cells_output_is_cut_with_one_notice(kernel):
    outputs = kernel.run("echo n=4000000\nversion")[1]
    assert len(text_of(outputs)) <= 16 << 20
    assert text_of(outputs, "stderr").count("left out") == 1
    assert outputs[-1]["msg_type"] == "execute_result"
    assert text_of(kernel.run("echo next")[1]) == "next\n"


@row("svg, png, html, markdown, latex, json, vega-lite")
def test_plots_and_tables_come_in_every_form(kernel):
    reply, outputs = kernel.run("model nano\nload toy train=100 test=50\ntrain epochs=1;\nplot loss\nevaluate",
                                user_expressions={"accuracy": "accuracy"})
    assert reply["status"] == "ok", reply
    seen = {kind for o in outputs for kind in o["content"].get("data", {})}
    seen |= reply["user_expressions"]["accuracy"]["data"].keys()
    assert seen >= {
        "image/svg+xml", "image/png", "application/pdf", "text/html", "text/markdown", "text/latex", "application/json",
        "application/vnd.vegalite.v5+json", "text/plain"}


@row("allow_stdin respected")
def test_a_cell_may_not_ask_where_input_is_refused(kernel):
    reply, _ = kernel.run("name=?", allow_stdin=False)
    assert reply["status"] == "error"
    assert not kernel.client.stdin_channel.msg_ready()


@row("input_request, password")
@pytest.mark.parametrize("mark, password", [("?", False), ("??", True)])
def test_a_question_is_asked_and_answered(kernel, mark, password):
    cell = kernel.start_cell(f"name={mark}\n$name", allow_stdin=True)
    question = kernel.client.get_stdin_msg(timeout=10)
    assert question["msg_type"] == "input_request"
    assert question["parent_header"]["msg_id"] == cell
    assert question["content"]["password"] is password
    assert isinstance(question["content"]["prompt"], str)
    kernel.client.input("Lory")
    assert kernel.reply(cell)["content"]["status"] == "ok"
    result = [o for o in kernel.outputs(cell) if o["msg_type"] == "execute_result"]
    assert result[0]["content"]["data"]["text/plain"] == "Lory"
