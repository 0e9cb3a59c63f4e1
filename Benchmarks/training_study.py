"""How to train? Losses for rare classes, schedules after lr_find, early stopping: MiniLM from several seeds.

    python Benchmarks/training_study.py losses SMSSpamCollection
    python Benchmarks/training_study.py schedules
    python Benchmarks/training_study.py stopping
    python Benchmarks/training_study.py --table

`losses`: the SMS Spam Collection as it is, 4,827 messages to 747; 2,000 to learn from, 557 held back, the other 3,017 to
judge by, parts with the collection's own shares. LoRA r=8, two epochs, five seeds: the plain loss, balanced class weights,
focal loss.

`schedules`: 2,000 film reviews to learn from, 200 held back, 2,000 to judge by, 64 tokens each; three seeds. LoRA r=8 over
one epoch, lr by lr_find from the same seed, constant, linear, one-cycle and slanted triangular; and ULMFiT's recipe: all
weights, rates divided by 2.6 a layer, the head first and in each epoch a block more, slanted triangular, three epochs.

`stopping`: 200 film reviews, at most ten epochs with patience=3 on the validation loss (200 reviews), 1,000 to judge by, 64
tokens each; three seeds: LoRA r=8, beside all ten epochs, and all weights.

A seed draws first values, order and dropout; the texts are the same for every seed. Rows are added to
results/training_study.json as they come; those that are there are not made again.
"""

import argparse
import functools
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from study import Kept, commonest_processor, least_seconds, replies

STUDIES = ("losses", "schedules", "stopping")


@dataclass(frozen=True)
class Row:
    """One training; `{lr}` in its lines is what `find`, a line of lr_find after the method, has suggested."""

    name: str
    load: str
    method: str
    train: str
    find: str = ""


def losses(path):
    load = f"load sms_spam path={path} train=2000 validation=557 test=3017 seed=123"
    kinds = {"plain": "", "class_weights=balanced": "class_weights=balanced", "loss=focal": "loss=focal"}
    return [Row(name, load, "lora r=8", f"train epochs=2 {more}".strip()) for name, more in kinds.items()]


def schedules(_):
    load = "load imdb train=2000 validation=200 test=2000 seed=123 max_length=64"
    kinds = {"constant": "constant", "linear": "linear", "one-cycle": "one_cycle", "slanted triangular": "slanted_triangular"}
    rows = [
        Row(name, load, "lora r=8", f"train epochs=1 lr={{lr}} schedule={schedule}", "lr_find")
        for name, schedule in kinds.items()]
    gradual = "full decay=2.6 unfreeze=gradual"
    return rows + [Row(
        "ULMFiT's recipe", load, gradual, "train epochs=3 lr={lr} schedule=slanted_triangular", "lr_find")]


def stopping(_):
    load = "load imdb train=200 validation=200 test=1000 seed=123 max_length=64"
    return [
        Row("LoRA r=8, patience=3", load, "lora r=8", "train epochs=10 patience=3"),
        Row("LoRA r=8, all ten epochs", load, "lora r=8", "train epochs=10"),
        Row("all weights, patience=3", load, "full", "train epochs=10 patience=3"),
    ]


@functools.cache
def suggested(lines):
    """The rate that lr_find suggests after these lines, to two digits; None without one."""
    said, _, _ = replies(lines)
    rate = (said[-1].get("value") or {}).get("suggestion") if said else None
    return float(f"{rate:.1e}") if rate else None


def measured(row, seed):
    """What one training gave, or why it gave nothing."""
    first = [f"set seed={seed}", "model minilm", row.load, row.method]
    rate = suggested((*first, row.find)) if row.find else None
    if row.find and not rate:
        return {"refused": "no lr was suggested"}
    said, status, _ = replies([*first, row.train.format(lr=rate), "evaluate"])
    last = said[-1] if said else {}
    if status or last.get("verb") != "evaluate" or last.get("status") != "ok":
        return {"refused": str(last.get("error") or last)[:300]}
    train, judged = said[-2]["value"], last["value"]
    return {
        "lr": rate, "accuracy": judged["accuracy"], "balanced_accuracy": judged["balanced_accuracy"],
        "matrix": judged["matrix"], "loss": judged["loss"], "seconds": train["seconds"],
        "epochs": [(epoch["epoch"], (epoch.get("validation") or {}).get("loss")) for epoch in train["epochs"]],
        "best": train.get("best"),
    }


def interval(rows):
    """95% of the mean balanced accuracy over seeds, by the recalls of the classes: what the texts that judge leave open."""
    recalls = [
        [(line[place] / sum(line), sum(line)) for place, line in enumerate(row["matrix"])] for row in rows]
    classes = list(zip(*recalls))
    means = [statistics.mean(share for share, _ in found) for found in classes]
    variance = sum(mean * (1 - mean) / found[0][1] for mean, found in zip(means, classes)) / len(classes) ** 2
    middle, half = statistics.mean(means), 1.959964 * variance**0.5
    return middle - half, middle + half


def tables(rows):
    lines = []
    for study in STUDIES:
        own = [row for row in rows if row["study"] == study]
        if not own:
            continue
        kind = commonest_processor(own)
        lines += [
            f"**{study}; seconds on {kind}**", "",
            "| | seeds | lr | accuracy | balanced accuracy (least to most) | 95% interval | loss | epochs made | seconds |",
            "|:---|---:|---:|---:|---:|---:|---:|---:|---:|"]
        for name in dict.fromkeys(row["name"] for row in own):
            found = [row for row in own if row["name"] == name and "accuracy" in row]
            if not found:
                lines.append(f"| {name} | refused | | | | | | | |")
                continue
            scores = [row["balanced_accuracy"] for row in found]
            low, high = interval(found)
            rates = sorted({row["lr"] for row in found if row["lr"]})
            rate = " to ".join(f"{rate:.1e}" for rate in dict.fromkeys((rates[0], rates[-1]))) if rates else "as usual"
            made = sorted({row["epochs"][-1][0] for row in found})
            lines.append(
                f"| {name} | {len(found)} | {rate} | {statistics.mean(r['accuracy'] for r in found):.1%} "
                f"| {statistics.mean(scores):.1%} ({min(scores):.1%} to {max(scores):.1%}) | {low:.1%} to {high:.1%} "
                f"| {statistics.mean(r['loss'] for r in found):.3f} | {made[0]}{f' to {made[-1]}' if made[1:] else ''} "
                f"| {least_seconds(found, kind):.0f} |")
        lines.append("")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", choices=STUDIES)
    parser.add_argument("path", nargs="?", help="the SMS Spam Collection's file; reviews are fetched")
    parser.add_argument("--seeds", type=int, help="5 for losses, else 3")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    kept = Kept("training_study.json")
    if options.table:
        print(tables(kept.rows))
        return
    if not options.study or (options.study == "losses" and not options.path):
        parser.error("name the study, and for losses the collection's file")
    path = Path(options.path or ".").resolve()
    make = {"losses": losses, "schedules": schedules, "stopping": stopping}[options.study]
    for seed in range(1, (options.seeds or (5 if options.study == "losses" else 3)) + 1):
        # Lines name the data's file by its name alone: where it lies is no part of a result.
        for row, known in zip(make(path), make(path.name)):
            key = {
                "study": options.study, "name": row.name, "seed": seed,
                "lines": [line for line in (known.load, known.method, known.find, known.train) if line]}
            if kept.has(key):
                continue
            found = measured(row, seed)
            kept.add(key | found)
            print(f"{row.name} seed {seed}: {found.get('balanced_accuracy', found.get('refused'))}", flush=True)
    print(tables(kept.rows), file=sys.stderr)


if __name__ == "__main__":
    main()
