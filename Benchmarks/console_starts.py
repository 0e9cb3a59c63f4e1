"""Starts `jupyter console` many times, each with a cell typed ahead, and counts those that hang.

    python Benchmarks/console_starts.py [--count 500] [--beside 2] [--load 4] [--kernel lorikeet]

The console runs its first cell as soon as the kernel answers on shell, while its subscription to iopub may still be
connecting: of a kernel that publishes to nobody it then waits for an idle that has passed. Fails when one hangs.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pexpect

CONSOLE = str(Path(sys.executable).parent / "jupyter-console")
PATIENCE = 30  # seconds after which a console counts as hanging
CELLS = {"lorikeet": "echo heard {n}", "python3": "print('heard', {n})"}


def start(kernel, number):
    """Seconds until the cell's output was shown; None when the console hung, whatever it had shown."""
    began = time.monotonic()
    arguments = ["--kernel", kernel, "--simple-prompt", "--no-confirm-exit"]
    with tempfile.TemporaryFile() as shown:
        console = pexpect.spawn(CONSOLE, arguments, echo=False, timeout=PATIENCE)
        console.logfile_read = shown
        try:
            console.sendline(CELLS.get(kernel, CELLS["lorikeet"]).format(n=number))
            console.expect(rf"heard {number}\r\n")
            seconds = time.monotonic() - began
            console.sendeof()
            console.expect(pexpect.EOF)
            return seconds
        except pexpect.TIMEOUT:
            return None
        except pexpect.EOF:
            shown.seek(0)
            sys.exit(f"the console ended by itself:\n{shown.read().decode(errors='replace')}")
        finally:
            console.close(force=True)


def spin():
    while True:
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--beside", type=int, default=1, help="consoles that start side by side")
    parser.add_argument("--load", type=int, default=0, help="processes that do nothing but compute meanwhile")
    parser.add_argument("--kernel", default="lorikeet")
    options = parser.parse_args()
    load = [multiprocessing.Process(target=spin, daemon=True) for _ in range(options.load)]
    for process in load:
        process.start()
    seconds = []
    with ThreadPoolExecutor(options.beside) as pool:
        for took in pool.map(lambda number: start(options.kernel, number), range(options.count)):
            seconds.append(took)
            if took is None or len(seconds) % 50 == 0:
                print(f"{len(seconds):5} starts, {seconds.count(None)} hung", flush=True)
    answered = [took for took in seconds if took is not None]
    median = statistics.median(answered) if answered else float("nan")
    print(f"{seconds.count(None)} of {len(seconds)} starts hung; the others answered after {median:.2f} s (median)")
    return int(None in seconds)


if __name__ == "__main__":
    sys.exit(main())
