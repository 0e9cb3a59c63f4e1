"""What the studies share: one training in a process of its own, the rows that are kept of it, intervals."""

import json
import os
import platform
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
LORIKEET = HERE.parent / ".build/release/lorikeet"


def replies(lines):
    """What each statement gave, in order, and what the process took; an error is the last of them."""
    with tempfile.TemporaryDirectory() as folder:
        cell = Path(folder) / "study.lk"
        cell.write_text("\n".join(lines) + "\n")
        with open(Path(folder) / "out", "w+") as out:
            child = subprocess.Popen(
                [str(LORIKEET), "run", "--json", str(cell)], stdout=out, stderr=subprocess.DEVNULL, cwd=folder)
            _, status, usage = os.wait4(child.pid, 0)
            out.seek(0)
            said = [json.loads(text) for text in out if text.startswith("{")]
    return said, status, usage


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def wilson(share, count):
    """95% interval of a share of `count`."""
    z = 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * ((share * (1 - share) + z * z / (4 * count)) / count) ** 0.5 / (1 + z * z / count)
    return middle - half, middle + half


def commonest_processor(rows):
    """Seconds are compared on one kind of processor: the one with most of the rows."""
    return Counter(row["processor"] for row in rows).most_common(1)[0][0]


def least_seconds(rows, kind, of="seconds"):
    """Of the rows made on it: another load on the machine only adds to them, and to `processor_seconds` hardly that."""
    return min((row[of] for row in rows if row["processor"] == kind), default=float("nan"))


class Kept:
    """The rows of a study in results/, written as they come: one that is there is not made again."""

    def __init__(self, name):
        self.path = HERE / "results" / name
        self.rows = json.loads(self.path.read_text())["rows"] if self.path.exists() else []

    def has(self, key):
        return any(all(row.get(name) == value for name, value in key.items()) for row in self.rows)

    def add(self, row):
        self.rows.append(row | {"processor": processor()})
        self.path.write_text(json.dumps({"rows": self.rows}, indent=1) + "\n")
