"""A soak: many cells with tables, plots and errors in one session, and what memory says afterwards.

    python Benchmarks/soak.py [--cells 10000]

Fails when resident memory at the end is more than a fifth above that after the first 500 cells.
"""

import argparse
import sys

import psutil
from jupyter_client.manager import start_new_kernel

PREPARE = "model nano\nload toy\nlora r=4\ntrain epochs=1"
CELLS = (
    "evaluate", "plot loss", "status", "no_such_command", "echo n=50", "describe", "lora r=0", "help train",
    "predict 'a short text'", "confusion", "lora r=4\ntrain epochs=1", "show", "x=3\necho $x", "params", "help",
)
SETTLED, ALLOWED = 500, 1.2


def run(client, cell):
    """The status of a cell, after all of its output has been read."""
    request = client.execute(cell)
    reply = client.get_shell_msg(timeout=120)
    while True:
        message = client.get_iopub_msg(timeout=120)
        parent = message["parent_header"].get("msg_id")
        if parent == request and message["content"].get("execution_state") == "idle":
            return reply["content"]["status"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--kernel", default="lorikeet")
    options = parser.parse_args()
    manager, client = start_new_kernel(kernel_name=options.kernel)
    process = psutil.Process(manager.provisioner.pid)
    errors, settled = 0, None
    try:
        if run(client, PREPARE) != "ok":
            sys.exit("the session could not be prepared")
        for index in range(options.cells):
            errors += run(client, CELLS[index % len(CELLS)]) == "error"
            if index + 1 in (SETTLED, options.cells) or (index + 1) % 1000 == 0:
                resident = process.memory_info().rss / 2**20
                settled = settled or resident
                print(f"{index + 1:6} cells {errors:5} errors {resident:8.1f} MiB", flush=True)
        growth = resident / settled
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    expected = options.cells // len(CELLS) * 2
    print(f"memory at the end: {growth:.2f} of that after the first {SETTLED} cells")
    if growth > ALLOWED or errors < expected:
        sys.exit("soak: failed")
    print("soak: passed")


if __name__ == "__main__":
    main()
