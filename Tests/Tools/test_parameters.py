"""Every parameter of every verb, given what nobody means: refused or accepted as parameters.tsv says, and no trap.

    python Tests/Tools/test_parameters.py           prints the rows that differ from the table
    python Tests/Tools/test_parameters.py --write   writes what happens into the table, to be read before it is kept

A cell of the table is what happens: `+` accepted, `-` refused. The column `most` holds the largest legal value where
work with it is long: that is interrupted after two seconds, and has to stop at once.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
LORIKEET = os.environ.get("LORIKEET", str(TOP / ".build/release/lorikeet"))
TABLE = Path(__file__).with_name("parameters.tsv")

# What is written after `key=`; VALID is the row's own value.
CASES = {
    "zero": "0", "negative": "-1", "huge": "1e30", "tiny": "1e-60", "nan": "nan", "inf": "inf",
    "wide": "99999999999999999999", "empty": "''", "unicode": "'é🦜\u202e'", "list": "(1 2)", "twice": None,
    "none%": "0%", "all%": "100%", "bytes": "8GB", "auto": "auto", "long": "x" * 100_000,
}
# What stands before the parameter, for verbs that need something else too.
BASES = {
    "load": "load toy", "save": "save out", "model": "model nano", "train": "train steps=1", "echo": "echo",
    "help": "help lora", "show": "show",
}
SETUP = "set times=off workers=2\nmodel nano\nload toy train=32 test=16 validation=8\nlora r=2\ntrain steps=2 batch=8\nevaluate\n"
# A run of a few steps has to be given up at once, also where other work keeps the processor busy.
PATIENCE = 20
SAMPLE = 60


def declared():
    """(verb, parameter) of every row of the reference."""
    for page in sorted((TOP / "docs/reference").glob("*.md")):
        if page.name == "README.md":
            continue
        inside = False
        for line in page.read_text().splitlines():
            inside = (inside or line.startswith("| key")) and bool(line.strip() or not inside)
            if inside and line.startswith("| `"):
                yield page.stem, line.split("`")[1]


def rows():
    lines = TABLE.read_text().splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


def statement(row, case):
    verb, key = row["verb"], row["parameter"]
    base = BASES.get(verb, verb)
    if (verb, key) == ("train", "epochs") or base.split()[-1].startswith(key + "="):
        base = verb
    if key in ("name", "path", "verb"):
        base = verb
    if key == "instruction":
        base += " prompt=alpaca"
    value = row["most"].split()[0] if case == "most" else CASES[case]
    if case == "twice":
        return f"{base} {key}={row['valid']} {key}={row['valid']}"
    return f"{base} {key}={value}"


def outcome(row, case, folder):
    """The exit status, how long it took to end after an interrupt (None when it ended by itself), and what it said."""
    errors = folder / "errors.txt"
    with errors.open("w") as stream:
        process = subprocess.Popen(
            [LORIKEET, "run", "-"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stream,
            text=True, env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )
    process.stdin.write(SETUP + statement(row, case) + "\n")
    process.stdin.close()
    waited = None
    try:
        process.wait(2 if case == "most" else 120)
    except subprocess.TimeoutExpired:
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        waited = time.monotonic() - began
    return process.returncode, waited, errors.read_text()


def verdict(row, case, folder):
    status, waited, errors = outcome(row, case, folder)
    if waited is not None:
        return "~" if status == 130 else f"not stopped ({status} after {waited:.1f} s)"
    return {0: "+", 1: "-"}.get(status, f"ended with {status}: {errors[-300:]}")


def expected(row, case):
    # What is long on one machine may be done in two seconds on another.
    return {"~", "+"} if case == "most" else {row[case]}


def every():
    for row in rows():
        for case in CASES:
            yield row, case
        if row["most"] != "":
            yield row, "most"


def chosen():
    if os.environ.get("LORIKEET_NIGHTLY"):
        return list(every())
    # The same few on every day, and all that is long.
    pairs = list(every())
    few = random.Random(10).sample([pair for pair in pairs if pair[1] != "most"], SAMPLE)
    return few + [pair for pair in pairs if pair[1] == "most"][:4]


def test_the_table_has_every_parameter():
    assert {(row["verb"], row["parameter"]) for row in rows()} == set(declared())


@pytest.mark.parametrize(
    "row, case", [pytest.param(*pair, id=f"{pair[0]['verb']}-{pair[0]['parameter']}-{pair[1]}") for pair in chosen()])
def test_what_nobody_means_is_refused_and_traps_nowhere(row, case, tmp_path):
    assert verdict(row, case, tmp_path) in expected(row, case), statement(row, case)[:200]


def main(write):
    import tempfile

    old = {(row["verb"], row["parameter"]): row for row in (rows() if TABLE.exists() else [])}
    names = ["verb", "parameter", "valid", "most", *CASES]
    lines = ["\t".join(names)]
    for verb, parameter in declared():
        row = old.get((verb, parameter)) or dict.fromkeys(names, "") | {"verb": verb, "parameter": parameter}
        if not row["valid"]:
            raise SystemExit(f"{verb} {parameter} has no row in the table: write one with a valid value first")
        for case in [*CASES] + (["most"] if row["most"] else []):
            with tempfile.TemporaryDirectory() as folder:
                found = verdict(row, case, Path(folder))
            if found not in expected(row, case):
                print(statement(row, case)[:100], "was", row.get(case), "is", found, flush=True)
            if case != "most":
                row[case] = found
        lines.append("\t".join(row[name] for name in names))
    if write:
        TABLE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main("--write" in sys.argv)
