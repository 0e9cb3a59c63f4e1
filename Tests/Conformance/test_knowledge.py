"""What a front end asks beside running cells."""

import pytest

row = pytest.mark.row


@row("kernel_info, every required field")
def test_kernel_info_has_every_required_field(kernel):
    info = kernel.ask("kernel_info_request")
    assert info["status"] == "ok"
    assert tuple(map(int, info["protocol_version"].split("."))) >= (5, 5)
    for field in ("implementation", "implementation_version", "banner"):
        assert isinstance(info[field], str) and info[field]
    assert info["debugger"] is False


@row("kernel_info on control")
def test_control_answers_while_a_cell_runs(kernel):
    cell = kernel.start_cell("sleep 600")
    kernel.wait_until_running(cell)
    for channel in ("control", "shell"):
        assert kernel.ask("kernel_info_request", on=channel)["status"] == "ok"
    kernel.ask("interrupt_request", on="control")
    assert kernel.reply(cell)["content"]["status"] == "error"


@row("supported_features")
def test_subshells_are_among_the_features(kernel):
    assert "kernel subshells" in kernel.ask("kernel_info_request")["supported_features"]


@row("help_links, language_info complete")
def test_the_language_is_described(kernel):
    info = kernel.ask("kernel_info_request")
    language = info["language_info"]
    assert language["name"] == "lorikeet" and language["version"]
    assert language["mimetype"] == "text/x-lorikeet" and language["file_extension"] == ".lk"
    assert language["codemirror_mode"] == {"name": "lorikeet", "mime": "text/x-sh"}
    assert language["pygments_lexer"] == "bash" and language["nbconvert_exporter"]
    assert info["help_links"] and all({"text", "url"} == link.keys() for link in info["help_links"])


@row("inspect with detail levels")
def test_inspection_knows_detail_levels(kernel):
    def inspect(code, detail):
        return kernel.ask("inspect_request", {"code": code, "cursor_pos": 1, "detail_level": detail})

    short, long = inspect("echo hello", 0), inspect("echo hello", 1)
    assert short["found"] and long["found"]
    assert len(long["data"]["text/plain"]) > len(short["data"]["text/plain"]) > 0
    nothing = inspect("nonsense", 0)
    assert nothing == {"status": "ok", "found": False, "data": {}, "metadata": {}}


@row("complete with types")
def test_completions_have_types_and_code_point_places(kernel):
    def complete(code, cursor=None):
        return kernel.ask("complete_request", {"code": code, "cursor_pos": len(code) if cursor is None else cursor})

    found = complete("# 🦜👨‍👩‍👧\nech")
    assert found["matches"] == ["echo"]
    assert (found["cursor_start"], found["cursor_end"]) == (9, 12)
    types = found["metadata"]["_jupyter_types_experimental"]
    assert [(t["text"], t["start"], t["end"]) for t in types] == [("echo", 9, 12)] and types[0]["type"]
    assert complete("echo to=std")["matches"] == ["stdout", "stderr"]
    # What a key takes, its default and what it means, on one line: JupyterLab breaks a type at its blanks.
    found = complete("lora ")
    rank = next(t for t in found["metadata"]["_jupyter_types_experimental"] if t["text"] == "r=")
    assert rank["type"].startswith("whole\u00a0number,\u00a0default\u00a08\u00a0·\u00a0rank") and " " not in rank["type"]


@row("complete with types")
def test_completion_works_while_a_cell_runs(kernel):
    cell = kernel.start_cell("sleep 600")
    kernel.wait_until_running(cell)
    assert kernel.ask("complete_request", {"code": "ech", "cursor_pos": 3})["matches"] == ["echo"]
    kernel.ask("interrupt_request", on="control")
    assert kernel.reply(cell)["content"]["status"] == "error"


@row("is_complete with indent")
def test_is_complete_tells_what_goes_on(kernel):
    def judge(code):
        return kernel.ask("is_complete_request", {"code": code})

    assert judge("echo hello") == {"status": "complete"}
    assert judge("echo one \\")["status"] == "incomplete"
    # Planned, and not there yet: it is to be run and to say so, not to be waited for.
    assert judge("sweep") == {"status": "invalid"}
    assert judge("nonsense here") == {"status": "invalid"}


@row("history tail / range / search")
def test_history_remembers_across_kernels(start):
    first = start()
    for code in ("a = 1", "$a", "echo old"):
        first.run(code)
    first.ask("history_request", {"hist_access_type": "tail", "n": 1})
    second = start()
    for code in ("a = 2", "$a"):
        second.run(code)

    def ask(**content):
        history = second.ask("history_request", {"raw": True, "output": False} | content)["history"]
        return [tuple(entry) for entry in history]

    tail = ask(hist_access_type="tail", n=5)
    assert [entry[2] for entry in tail] == ["a = 1", "$a", "echo old", "a = 2", "$a"]
    session = tail[0][0]
    assert ask(hist_access_type="range", session=session, start=1, stop=3) == tail[:2]
    assert ask(hist_access_type="range", session=-1, start=3) == tail[2:3]
    assert ask(hist_access_type="range", session=0, start=2, stop=None) == tail[4:]
    assert ask(hist_access_type="search", pattern="a = [0-9]")[-2:] == [tail[0], tail[3]]
    assert ask(hist_access_type="search", pattern="$a", unique=True) == [tail[4]]
    assert ask(hist_access_type="search", pattern="*", n=2) == tail[3:]
    with_output = second.ask("history_request", {"hist_access_type": "tail", "n": 1, "output": True})
    assert with_output["history"][0][2] == ["$a", "2"]


@row("history tail / range / search")
def test_a_home_that_cannot_be_written_is_tolerated(start, monkeypatch):
    monkeypatch.setenv("LORIKEET_HOME", "/proc/nowhere")
    kernel = start()
    kernel.run("echo kept in memory")
    tail = kernel.ask("history_request", {"hist_access_type": "tail", "n": 1})
    assert tail["history"][0][2] == "echo kept in memory"
