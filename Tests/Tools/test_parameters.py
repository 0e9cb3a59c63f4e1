"""Every parameter of every verb, given what nobody means: refused or accepted as parameters.tsv says, and no trap.

    python Tests/Tools/test_parameters.py           prints the rows that differ from the table
    python Tests/Tools/test_parameters.py --write   writes what happens into the table, to be read before it is kept

A cell of the table is what happens: `+` accepted, `-` refused. The column `most` holds the largest legal value where
work with it is long: that is interrupted in a kernel, has to stop at once, and the session has to go on as documented.
"""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

TOP = Path(__file__).resolve().parents[2]
LORIKEET = os.environ.get("LORIKEET", str(TOP / ".build/release/lorikeet"))
TABLE = Path(__file__).with_name("parameters.tsv")

sys.path.insert(0, str(TOP / "Tests/Conformance"))
from talk import PATIENCE, Kernel  # noqa: E402

# What is written after `key=`; VALID is the row's own value.
CASES = {
    "zero": "0", "negative": "-1", "huge": "1e30", "tiny": "1e-60", "nan": "nan", "inf": "inf",
    "wide": "99999999999999999999", "empty": "''", "unicode": "'é🦜\u202e'", "list": "(1 2)", "twice": None,
    "none%": "0%", "all%": "100%", "bytes": "8GB", "auto": "auto", "long": "x" * 100_000,
}
# What stands before the parameter, for verbs that need something else too.
BASES = {
    "load": "load toy", "save": "save out", "model": "model nano", "train": "train steps=1", "echo": "echo",
    "combine": "save kept\ncombine kept kept to=both",
    "export": "model nano-llama\nlora r=2\nexport gguf to=a.gguf adapter=yes",
    "generate": "model nano-llama\ngenerate good", "chat": "model nano-llama\nchat good prompt=chatml",
    "judge": f"model nano-llama\nload path={TOP}/Tests/Tools/preferences.csv answer=chosen prompt=plain\n"
             "evaluate metrics=bleu max_tokens=2\njudge with=nano-llama prompt=plain",
    "label": "model nano-llama\nload toy train=400 test=16 prompt=plain\nfull\ntrain epochs=20 lr=1e-3\nlabel",
    "perplexity": "model nano-llama\nload toy train=8 test=8 label=none\nperplexity",
    "dpo": f"model nano-llama\nload preferences path={TOP}/Tests/Tools/preferences.csv\nlora r=2\ndpo steps=1",
    "help": "help lora", "show": "show", "predict": "predict good",
}
SETUP = "set times=off workers=2\nmodel nano\nload toy train=32 test=16 validation=8\nlora r=2\ntrain steps=2 batch=8\nevaluate\n"
# Seconds until what is long is interrupted.
MOMENT = 2
# Seconds of work, not of waiting, between an interrupt and the answer: a step here takes hundredths of one, and other
# work that keeps the processor busy does not count.
WORK = 3
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


def choice(verb, key):
    """What a key that belongs to a choice needs beside it: `optimizer=sgd`."""
    page = (TOP / "docs/reference" / f"{verb}.md").read_text().splitlines()
    line = next((line for line in page if line.startswith(f"| `{key}` |")), "")
    found = re.search(r", with (\w+=\w+)", line)
    return f" {found[1]}" if found else ""


def rows():
    lines = TABLE.read_text().splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"))) for line in lines[1:]]


def statement(row, case):
    verb, key = row["verb"], row["parameter"]
    base = BASES.get(verb, verb)
    if (verb, key) == ("dpo", "epochs"):
        base = base.removesuffix(" steps=1")
    if (verb, key) == ("train", "epochs") or base.split()[-1].startswith(key + "="):
        base = verb
    if key in ("name", "path", "verb") or (verb, key) in (("predict", "text"), ("predict", "file")):
        base = verb
    if (verb, key) in (("generate", "text"), ("generate", "file")):
        base = "model nano-llama\ngenerate"
    if (verb, key) in (("chat", "text"), ("chat", "prompt")):
        base = "model nano-llama\nchat" + (" prompt=chatml" if key == "text" else " good")
    if key == "instruction":
        base += " prompt=alpaca"
    base += choice(verb, key)
    value = row["most"].split()[0] if case == "most" else CASES[case]
    if case == "twice":
        return f"{base} {key}={row['valid']} {key}={row['valid']}"
    return f"{base} {key}={value}"


def outcome(row, case, folder):
    """The exit status and what it said."""
    done = subprocess.run(
        [LORIKEET, "run", "-"], cwd=folder, input=SETUP + statement(row, case) + "\n", stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, timeout=120, env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
    )
    return done.returncode, done.stderr


def verdict(row, case, folder):
    status, errors = outcome(row, case, folder)
    return {0: "+", 1: "-"}.get(status, f"ended with {status}: {errors[-300:]}")


def chosen():
    pairs = [(row, case) for row in rows() for case in CASES]
    # The same few on every day.
    return pairs if os.environ.get("LORIKEET_NIGHTLY") else random.Random(10).sample(pairs, SAMPLE)


def work(process):
    times = process.cpu_times()
    return times.user + times.system


def result(kernel, code):
    """What a cell that goes through shows at its end."""
    reply, outputs = kernel.run(code)
    assert reply["status"] == "ok", (code, reply)
    shown = [message for message in outputs if message["msg_type"] == "execute_result"]
    return shown[-1]["content"]["data"]["text/plain"] if shown else ""


def test_the_table_has_every_parameter():
    assert {(row["verb"], row["parameter"]) for row in rows()} == set(declared())


@pytest.mark.parametrize(
    "row, case", [pytest.param(*pair, id=f"{pair[0]['verb']}-{pair[0]['parameter']}-{pair[1]}") for pair in chosen()])
def test_what_nobody_means_is_refused_and_traps_nowhere(row, case, tmp_path):
    assert verdict(row, case, tmp_path) == row[case], statement(row, case)[:200]


@pytest.fixture
def kernel(tmp_path):
    kernel = Kernel(environment={**os.environ, "LORIKEET_HOME": str(tmp_path / "home")}, folder=tmp_path)
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['verb']}-{row['parameter']}") for row in rows() if row["most"]])
def test_what_is_long_stops_at_once_and_the_session_goes_on(row, kernel):
    result(kernel, SETUP + "kept = 1;")
    before = result(kernel, "evaluate")
    cell = kernel.start_cell(statement(row, "most"))
    kernel.client.shell_channel.socket.poll(1000 * MOMENT)
    process = psutil.Process(kernel.pid)
    began = work(process)
    assert kernel.ask("interrupt_request", on="control") == {"status": "ok"}
    reply = kernel.reply(cell)["content"]
    # What is long on one machine may be done in two seconds on another.
    assert reply["status"] == "ok" or reply["ename"] == "Interrupted", reply
    assert work(process) - began < WORK
    kernel.outputs(cell)
    assert result(kernel, "$kept") == "1"
    after = result(kernel, "evaluate")
    assert "nan" not in after
    # What was interrupted changed nothing, but for training, which keeps the whole steps that it reached.
    if reply["status"] == "error" and row["verb"] != "train":
        assert after == before
    if row["verb"] == "train":
        assert result(kernel, "plot loss") and result(kernel, "table epochs")
    result(kernel, "train steps=1;")
    result(kernel, "predict 'a good day'")


def main(write):
    import tempfile

    old = {(row["verb"], row["parameter"]): row for row in (rows() if TABLE.exists() else [])}
    names = ["verb", "parameter", "valid", "most", *CASES]
    lines = ["\t".join(names)]
    for verb, parameter in declared():
        row = old.get((verb, parameter)) or dict.fromkeys(names, "") | {"verb": verb, "parameter": parameter}
        if not row["valid"]:
            raise SystemExit(f"{verb} {parameter} has no row in the table: write one with a valid value first")
        for case in CASES:
            with tempfile.TemporaryDirectory() as folder:
                found = verdict(row, case, Path(folder))
            if found != row.get(case):
                print(statement(row, case)[:100], "was", row.get(case), "is", found, flush=True)
            row[case] = found
        lines.append("\t".join(row[name] for name in names))
    if write:
        TABLE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main("--write" in sys.argv)
