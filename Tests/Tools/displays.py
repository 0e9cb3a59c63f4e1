"""The cells, the data and the runs that `test_snapshots.py` takes its snapshots of."""

import csv
import re
import threading
import time
import unicodedata
from pathlib import Path

from jupyter_client import KernelManager
from nbformat import v4

SCRIPT = Path(__file__).parent / "snapshots/displays.lk"
KERNEL = {"name": "lorikeet", "display_name": "Lorikeet", "language": "lorikeet"}


class Cell:
    """A cell of the script: its name, its source, and what is done with it."""

    def __init__(self, text):
        name, *lines = text.strip().splitlines()
        self.name = name.strip()
        self.marks = {mark for line in lines if line.startswith("#:") for mark in line[2:].split()}
        self.source = "\n".join(line for line in lines if not line.startswith("#:")).strip()

    # Whether its rows may be others on another processor: which texts are wrong, say.
    varies = property(lambda self: "rows" in self.marks)
    # Whether it is interrupted.
    stops = property(lambda self: "stop" in self.marks)


def cells():
    return [Cell(text) for text in re.split(r"^## ", SCRIPT.read_text(), flags=re.M)[1:]]


# Data, made up here.

CLASSES = {
    "billing & refunds": ["refund my money", "the invoice is wrong", "charged twice for it"],
    "feature_request": ["please add a dark theme", "could it export tables", "a wish for the next version"],
    "login 100%": ["my password is refused", "locked out of the account", "no code arrives to sign in"],
    "other #1": ["nothing in particular", "a question about opening hours", "hello there"],
    "praise ~ $": ["this is wonderful, thanks", "very happy with the service", "great work"],
    "{shipping} delay": ["the parcel is late", "where is my order", "it never arrived here"],
}
ENDINGS = ["", ", please", " today", " once more", ", thanks", " since Monday", " for the third time", ", really"]

ODD = [
    "5% & more: it costs $3, #1 of a_b ~ c^d \\ {e}", "a | b * c `d` <i>e</i> [f] !g", "[CLS] begins with a bracket",
    "* begins with a star", "minus − dot · block █ less ≤ check ✓ dots ⠿ arrow → -- dashes",
    "two\nlines", "a tab\tand a bell\a", "日本語 Ж é ß ğ", "a parrot 🦜 and a heart ❤️",
    "one very long text that goes on and on, word after word, so that no line of a terminal has room for all of it, "
    "and then goes on for a while longer, since people write such texts too, again and again and again and again",
]


def write_data(folder):
    """The files that the cells load; one ticket in eight is put into the wrong class, so that mistakes can be shown."""
    names = list(CLASSES)
    tickets = [
        (f"{text}{ending}", names[(names.index(name) + 1) % 6] if (row + number) % 8 == 7 else name)
        for name, texts in CLASSES.items() for row, text in enumerate(texts) for number, ending in enumerate(ENDINGS)
    ]
    write(folder / "tickets.csv", ["text", "label"], tickets)
    write(folder / "new.csv", ["text"], [[f"{text} now"] for text in ("the song was superb", "the soup was sour") for _ in range(8)])
    write(folder / "odd.csv", ["text", "label"], [(text, f"class {index % 2}") for index, text in enumerate(ODD)])
    intents = [(f"{verb} the thing of kind {kind}{ending}", f"intent {kind:02} {verb} it")
               for kind, verb in ((kind, ("open", "close", "count", "move")[kind % 4]) for kind in range(40)) for ending in ENDINGS[:6]]
    write(folder / "intents.csv", ["text", "label"], intents)
    pairs = [(f"a {who} {does} on the bench", f"somebody {other}", "follows" if does == other else "contradicts")
             for who in ("man", "woman", "child", "dog") for does in ("sleeps", "sits", "sings") for other in ("sleeps", "sits", "sings")]
    write(folder / "pairs.csv", ["text", "pair", "label"], pairs)
    words = [("superb", 5), ("warm", 4), ("dull", 2), ("awful", 1)]
    scores = [(f"the soup number {row} was {words[row % 4][0]}", words[row % 4][1] + row % 3 / 4) for row in range(96)]
    write(folder / "scores.csv", ["text", "score"], scores)


def write(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])


# Running them.


def filled(folder):
    """Runs the cells in a kernel as a notebook does; returns the notebook with what they have shown."""
    write_data(folder)
    manager = KernelManager(kernel_name="lorikeet")
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        made = [execute(client, manager, folder, cell) for cell in cells()]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return v4.new_notebook(
        cells=made, metadata={"kernelspec": KERNEL, "language_info": {"name": "lorikeet", "pygments_lexer": "bash"}, "title": "Displays"})


def execute(client, manager, folder, cell):
    written = v4.new_code_cell(cell.source)
    shown = {}

    def take(message):
        kind, content = message["msg_type"], message["content"]
        name = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            shown[name]["data"], shown[name]["metadata"] = content["data"], content["metadata"]
        elif kind in ("display_data", "execute_result", "error", "stream"):
            output = v4.output_from_msg(message)
            if name:
                shown[name] = output
            written.outputs.append(output)

    if cell.stops:
        threading.Thread(target=stop, args=(manager, folder), daemon=True).start()
    reply = client.execute_interactive(cell.source, allow_stdin=False, output_hook=take, timeout=300, stop_on_error=False)
    written.execution_count = reply["content"]["execution_count"]
    written.metadata["name"] = cell.name
    return written


def stop(manager, folder):
    """Interrupts as soon as the run has written a state, so that it has come as far as that for certain."""
    wait_for(lambda: list(folder.glob("lorikeet-runs/stopped/*.safetensors")))
    manager.interrupt_kernel()


def wait_for(claim, seconds=120):
    end = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for has not come")
        time.sleep(0.02)


# Reading what they show.


def width(text):
    """The columns of a terminal."""
    return sum(
        0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text)

MARKS = re.compile(r"[\u2800-\u28ff●◉━╌─│┤┴└]+")


def skeleton(text, varies=False):
    """The text without the digits, the curves and the spaces that line columns up.

    - `varies`: whether rows may be others: then only that there is one counts.
    """
    lines = [" ".join(bones(line, varies).split()) for line in text.splitlines()]
    return [line for line in lines if line]


def bones(line, varies):
    if varies and any(text[:11] in line for text in OURS):
        return "(row)"
    line = re.sub(r"(\d[\d.,]*( +\d+%)? [░▒▓█])|(?<= )·(?= |$)", "x", line)
    line = re.sub(r"◀ best|best\b|, (epoch \d+ had the lowest loss|the loss was lowest before the first step)|\b(negative|positive|follows|contradicts)\b", "", line)
    line = re.sub(r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?", "0", MARKS.sub("~", line))
    return re.sub(r"(~ ?)+", "~", line)


OURS = [*CLASSES, *(text for texts in CLASSES.values() for text in texts), "the song was superb", "the soup was sour"]
