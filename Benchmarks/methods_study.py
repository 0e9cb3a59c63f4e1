"""Which method? Text messages, ham or spam, tuned by each method from several seeds: accuracy, weights, seconds, memory.

    python Benchmarks/methods_study.py SMSSpamCollection --model minilm --seeds 5
    python Benchmarks/methods_study.py SMSSpamCollection --model smollm2 --seeds 2 --methods "head,lora r=8"
    python Benchmarks/methods_study.py --table

The balanced half of the collection: 1,045 messages to learn from, 149 held back, 300 to judge by, the same for every
seed; a seed draws first values, order and dropout. Each method has its usual learning rate. One process a training, so
that its peak of memory is its own. Rows are added to results/methods_study.json as they come; those that are there are
not measured again. `--table` prints them as Markdown.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LORIKEET = HERE.parent / ".build/release/lorikeet"
RESULTS = HERE / "results/methods_study.json"
HALF = {"minilm": 3, "smollm2": 15}


def methods(model):
    return {
        "full": "full", "last block": "last", "last two blocks": "last n=2", "head": "head",
        "LoRA r=1": "lora r=1", "LoRA r=4": "lora r=4", "LoRA r=8": "lora r=8", "LoRA r=32": "lora r=32 alpha=64",
        "LoRA r=8, last half": f"lora r=8 layers=last:{HALF[model]}",
        "prompt tuning": "prompt_tuning tokens=20", "(IA)³": "ia3", "LoReFT": "reft r=4 positions=f1+l1",
        "BitFit": "bitfit",
    }


def script(model, path, line, seed, epochs):
    return "\n".join([
        f"set seed={seed}", f"model {model}",
        f"load sms_spam path={path} balanced=yes train=1045 validation=149 test=300 seed=123",
        line, f"train epochs={epochs} batch=8 seed={seed}", "evaluate",
    ]) + "\n"


def measured(model, path, line, seed, epochs):
    """What one training gave, or why it gave nothing."""
    with tempfile.TemporaryDirectory() as folder:
        cell = Path(folder) / "study.lk"
        cell.write_text(script(model, path, line, seed, epochs))
        with open(Path(folder) / "out", "w+") as out:
            child = subprocess.Popen([str(LORIKEET), "run", "--json", str(cell)], stdout=out, stderr=subprocess.DEVNULL, cwd=folder)
            _, status, usage = os.wait4(child.pid, 0)
            out.seek(0)
            replies = [json.loads(text) for text in out if text.startswith("{")]
    last = replies[-1] if replies else {}
    if status or last.get("verb") != "evaluate" or last.get("status") != "ok":
        return {"refused": str(last.get("error") or last)[:300]}
    values = {reply["verb"]: reply.get("value") or {} for reply in replies}
    trained = next(reply["value"]["trainable"] for reply in replies if "trainable" in (reply.get("value") or {}))
    return {
        "accuracy": values["evaluate"]["accuracy"], "macro_f1": values["evaluate"]["macro_f1"],
        "trainable": trained, "seconds": values["train"]["seconds"],
        "tokens_per_second": values["train"]["tokens_per_second"], "peak_mb": usage.ru_maxrss / 1024,
    }


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


def table(rows):
    lines = []
    for model in dict.fromkeys(row["model"] for row in rows):
        own = [row for row in rows if row["model"] == model and "accuracy" in row]
        lines += [
            f"**{model}**, {max(len([r for r in own if r['method'] == m]) for m in {r['method'] for r in own})} seeds",
            "", "| method | accuracy, mean (least to most) | 95% interval at n=300 | trained | seconds | peak memory |",
            "|:---|---:|---:|---:|---:|---:|"]
        for method in dict.fromkeys(row["method"] for row in own):
            found = [row for row in own if row["method"] == method]
            scores = [row["accuracy"] for row in found]
            low, high = wilson(statistics.mean(scores), 300)
            lines.append(
                f"| {method} | {statistics.mean(scores):.1%} ({min(scores):.1%} to {max(scores):.1%}) "
                f"| {low:.1%} to {high:.1%} | {found[0]['trainable']:,} "
                f"| {statistics.median(r['seconds'] for r in found):.0f} | {max(r['peak_mb'] for r in found):.0f} MiB |")
        for row in rows:
            if row["model"] == model and "refused" in row and row["seed"] == 1:
                lines.append(f"| {row['method']} | refused | | | | |")
        lines.append("")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", help="the SMS Spam Collection")
    parser.add_argument("--model", choices=HALF, default="minilm")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--methods", type=lambda text: text.split(";"), help="some of them, with ; between")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    rows = json.loads(RESULTS.read_text())["rows"] if RESULTS.exists() else []
    if options.table:
        print(table(rows))
        return
    if not options.path:
        parser.error("name the SMS Spam Collection's file")
    path = Path(options.path).resolve()
    for seed in range(1, options.seeds + 1):
        for name, line in methods(options.model).items():
            if options.methods and name not in options.methods:
                continue
            key = {"model": options.model, "method": name, "line": line, "seed": seed, "epochs": options.epochs}
            if any(all(row.get(k) == v for k, v in key.items()) for row in rows):
                continue
            row = key | measured(options.model, path, line, seed, options.epochs)
            rows.append(row)
            RESULTS.write_text(json.dumps({"processor": processor(), "rows": rows}, indent=1) + "\n")
            print(f"{options.model} {name} seed {seed}: {row.get('accuracy', row.get('refused'))}", flush=True)
    print(table(rows), file=sys.stderr)


if __name__ == "__main__":
    main()
