"""The protocol table: what a first-class kernel does, and which kernels do it.

The columns of the others were read from their sources or seen live (Y yes, N no, ~ partly); ours is
filled in by the tests, each of which names the row that it proves.
"""

PEERS = ["ipykernel 7.3", "xeus-python", "evcxr", "IJulia", "gonb"]

ROWS = {
    "kernel_info, every required field": "Y Y ~ Y Y",
    "kernel_info on control": "Y Y Y Y ~",
    "supported_features": "Y Y N N N",
    "help_links, language_info complete": "Y Y ~ ~ ~",
    "silent / store_history honoured": "Y Y N Y ~",
    "user_expressions": "Y Y N Y N",
    "allow_stdin respected": "Y Y Y Y Y",
    "stop_on_error aborts the queue": "Y ~ N N N",
    "one request at a time on iopub": "Y N Y Y Y",
    "execute_result, display_data": "Y Y ~ Y ~",
    "update_display_data": "Y Y N N Y",
    "clear_output(wait)": "Y Y N Y N",
    "exactly one error message": "Y Y N Y Y",
    "inspect with detail levels": "Y ~ ~ ~ ~",
    "complete with types": "Y ~ Y Y ~",
    "is_complete with indent": "Y Y N ~ N",
    "history tail / range / search": "~ ~ N N N",
    "comm open, msg, close, info; buffers": "Y Y ~ Y ~",
    "unknown comm target closed": "Y Y Y Y N",
    "input_request, password": "Y Y Y Y Y",
    "interrupt by signal, state kept": "Y N N Y Y",
    "interrupt by message, state kept": "Y N N Y ~",
    "shutdown and restart": "Y Y Y Y ~",
    "heartbeat echo": "Y Y ~ Y Y",
    "HMAC checked, bad message survived": "Y Y N N Y",
    "unsigned connections": "Y ~ Y Y Y",
    "own session id and version in headers": "Y Y N N ~",
    "IPC transport": "Y Y N Y Y",
    "XPUB iopub_welcome": "Y Y N N N",
    "subshells": "Y N N N N",
    "CurveZMQ": "Y N N N N",
    "registration-file handshake (5.6)": "N Y N N N",
    "dies with its parent": "Y N N N N",
    "install: --user --sys-prefix --prefix --name --display-name": "Y N ~ ~ ~",
    "uninstall": "N N Y N N",
    "logos 32, 64, svg": "Y ~ ~ Y ~",
    "coalesced stdout, none lost in a flood": "Y N ~ Y ~",
    "output cap a cell": "N N N Y N",
    "svg, png, html, markdown, latex, json, vega-lite": "Y Y Y Y ~",
}


def table(ours):
    """The rows as text; `ours` says Y or N of each."""
    width = max(map(len, ROWS))
    head = ["Lorikeet", *PEERS]
    lines = [" ".join([" " * width, *head])]
    for row, marks in ROWS.items():
        cells = [ours.get(row, "-"), *marks.split()]
        lines.append(" ".join([row.ljust(width), *(mark.center(len(name)) for mark, name in zip(cells, head))]))
    yes = sum(mark == "Y" for mark in ours.values())
    lines.append(f"{yes} of {len(ROWS)} rows are Y")
    return "\n".join(line.rstrip() for line in lines)
