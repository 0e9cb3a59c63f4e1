"""Which method? One task tuned by each method from several seeds: accuracy, weights, seconds, memory.

    python Benchmarks/methods_study.py messages SMSSpamCollection --model minilm --seeds 5
    python Benchmarks/methods_study.py messages SMSSpamCollection --model smollm2 --seeds 2 --methods "head;LoRA r=8"
    python Benchmarks/methods_study.py reviews
    python Benchmarks/methods_study.py --table

`messages`: text messages, ham or spam, by a classifier: the balanced half of the collection, 1,045 to learn from, 149 held
back, 300 to judge by, the same for every seed; a seed draws first values, order and dropout; two epochs at each method's
usual rate.

`reviews`: film reviews, the class's word after a prompt, by a language model: prompt tuning with 8, 25 and 80 virtual tokens
and LoRA r=8 with dropout 0, .1 and .2, learning from 50 and from 500 reviews in two epochs; beside them the model as it is,
and prompt tuning with other starts, rates and numbers of epochs.

One process a training, so that its peak of memory is its own. Rows are added to results/methods_study.json as they come;
those that are there are not measured again. `--table` prints them as Markdown, with the least seconds of the seeds: another
load on the machine only adds to them. Those of the processor are of the whole process, loading and judging included, and
show little of another load.
"""

import argparse
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from study import Kept, commonest_processor, least_seconds, replies, wilson

JUDGED = 300


@dataclass(frozen=True)
class Row:
    """One training: what it is called, and its lines between the model and `evaluate`."""

    method: str
    lines: tuple
    count: int


def messages(model, path):
    half = {"minilm": 3, "smollm2": 15}[model]
    methods = {
        "full": "full", "last block": "last", "last two blocks": "last n=2", "head": "head",
        "LoRA r=1": "lora r=1", "LoRA r=4": "lora r=4", "LoRA r=8": "lora r=8", "LoRA r=32": "lora r=32 alpha=64",
        "LoRA r=8, last half": f"lora r=8 layers=last:{half}",
        "prompt tuning": "prompt_tuning tokens=20", "(IA)³": "ia3", "LoReFT": "reft r=4 positions=f1+l1",
        "BitFit": "bitfit",
    }
    load = f"load sms_spam path={path} balanced=yes train=1045 validation=149 test={JUDGED} seed=123"
    return [Row(name, (load, line, "train epochs=2 batch=8"), 1045) for name, line in methods.items()]


def reviews(model, path):
    def row(name, line, count, train="epochs=2"):
        load = f"load imdb train={count} validation=0 test={JUDGED} seed=123 prompt=alpaca max_length=192"
        return Row(name, (load, *([line, f"train {train} batch=8"] if line else [])), count)

    rows = [row("as it is", None, 50)]
    for count in (50, 500):
        rows += [row(f"prompt tuning V={tokens}", f"prompt_tuning tokens={tokens}", count) for tokens in (8, 25, 80)]
        rows += [row(f"LoRA r=8, dropout {share}", f"lora r=8 alpha=16 dropout={share}", count) for share in (0, 0.1, 0.2)]
    tokens = "prompt_tuning tokens=8"
    words = f'{tokens} init=text text="Is this film review positive or negative?"'
    return rows + [
        row("prompt tuning V=8, init=random", f"{tokens} init=random", 500),
        row("prompt tuning V=8, init=text", words, 500),
        row("prompt tuning V=8, lr=0.003", tokens, 500, "epochs=2 lr=0.003"),
        row("prompt tuning V=8, lr=0.3", tokens, 500, "epochs=2 lr=0.3"),
        row("prompt tuning V=8, 10 epochs", tokens, 50, "epochs=10"),
        row("LoRA r=8, 10 epochs", "lora r=8 alpha=16", 50, "epochs=10"),
    ]


STUDIES = {"messages": messages, "reviews": reviews}
MODELS = {"messages": ["minilm", "smollm2"], "reviews": ["smollm2"]}


def measured(model, row, seed):
    """What one training gave, or why it gave nothing."""
    said, status, usage = replies([f"set seed={seed}", f"model {model}", *row.lines, "evaluate"])
    last = said[-1] if said else {}
    if status or last.get("verb") != "evaluate" or last.get("status") != "ok":
        return {"refused": str(last.get("error") or last)[:300]}
    values = {reply["verb"]: reply.get("value") or {} for reply in said}
    train = values.get("train", {})
    return {
        "accuracy": values["evaluate"]["accuracy"], "macro_f1": values["evaluate"]["macro_f1"],
        "trainable": next((value["trainable"] for value in values.values() if "trainable" in value), 0),
        "seconds": train.get("seconds", 0), "tokens_per_second": train.get("tokens_per_second", 0),
        "peak_mb": usage.ru_maxrss / 1024, "processor_seconds": usage.ru_utime + usage.ru_stime,
    }


def tables(rows):
    lines = []
    for study, model, count in dict.fromkeys((row["study"], row["model"], row["count"]) for row in rows):
        own = [row for row in rows if (row["study"], row["model"], row["count"]) == (study, model, count)]
        kind = commonest_processor(own)
        lines += [
            f"**{study}, {model}, {count:,} to learn from; seconds on {kind}**", "",
            f"| method | seeds | accuracy, mean (least to most) | 95% interval at n={JUDGED} | trained | seconds, least | of processor, least "
            "| peak memory |", "|:---|---:|---:|---:|---:|---:|---:|---:|"]
        for method in dict.fromkeys(row["method"] for row in own):
            found = [row for row in own if row["method"] == method and "accuracy" in row]
            if not found:
                lines.append(f"| {method} | refused | | | | | | |")
                continue
            scores = [row["accuracy"] for row in found]
            low, high = wilson(statistics.mean(scores), JUDGED)
            spread = f" ({min(scores):.1%} to {max(scores):.1%})" if len(scores) > 1 else ""
            lines.append(
                f"| {method} | {len(scores)} | {statistics.mean(scores):.1%}{spread} "
                f"| {low:.1%} to {high:.1%} | {found[0]['trainable']:,} "
                f"| {least_seconds(found, kind):.0f} | {least_seconds(found, kind, 'processor_seconds'):.0f} | {max(r['peak_mb'] for r in found):.0f} MiB |")
        lines.append("")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", choices=STUDIES)
    parser.add_argument("path", nargs="?", help="the SMS Spam Collection's file; reviews are fetched")
    parser.add_argument("--model", help="minilm or smollm2; reviews want a language model")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--methods", type=lambda text: text.split(";"), help="some of them, with ; between")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    kept = Kept("methods_study.json")
    if options.table:
        print(tables(kept.rows))
        return
    if not options.study or (options.study == "messages" and not options.path):
        parser.error("name the study, and for messages the collection's file")
    model = options.model or MODELS[options.study][0]
    if model not in MODELS[options.study]:
        parser.error(f"{options.study} goes with {' or '.join(MODELS[options.study])}")
    path = Path(options.path or ".").resolve()
    for seed in range(1, options.seeds + 1):
        # Lines name the data's file by its name alone: where it lies is no part of a result.
        for row, known in zip(STUDIES[options.study](model, path), STUDIES[options.study](model, path.name)):
            if options.methods and row.method not in options.methods:
                continue
            key = {
                "study": options.study, "model": model, "method": row.method, "count": row.count,
                "lines": list(known.lines), "seed": seed}
            if kept.has(key):
                continue
            found = key | measured(model, row, seed)
            kept.add(found)
            print(f"{model} {row.method} n={row.count} seed {seed}: {found.get('accuracy', found.get('refused'))}", flush=True)
    print(tables(kept.rows), file=sys.stderr)


if __name__ == "__main__":
    main()
