"""Two builds of Lorikeet on the same jobs, in turns: whether a change costs speed or memory.

    python Benchmarks/pairs.py --before OLD/lorikeet --after .build/release/lorikeet
    python Benchmarks/pairs.py --before OLD --after NEW --models minilm --methods lora --pairs 3

Rows are those of bench.py. Each pair runs one after the other, in an order that changes from pair to pair; printed are
the medians of both and their ratios. The losses are compared bit for bit.
"""

import argparse
import json
import os
import statistics
from pathlib import Path

import bench
import models

FIGURES = ("train_tokens_per_second", "eval_tokens_per_second", "peak_rss_mb")


def pairs_of(job, before, after, count):
    """The measurements of both sides, each a list."""
    found = {before: [], after: []}
    for number in range(count):
        for side in (before, after) if number % 2 == 0 else (after, before):
            if result := bench.measure([str(side), "bench", str(job)]):
                found[side].append(result)
    return found[before], found[after]


def row_of(name, old, new):
    """One line of the table, and the row as it is written to a file."""
    row = {"row": name, "pairs": min(len(old), len(new))}
    for figure in FIGURES:
        one, two = (statistics.median(result[figure] for result in side) for side in (old, new))
        row[figure] = {"before": one, "after": two, "ratio": two / one}
    row["same_loss"] = {r["last_loss"] for r in old} == {r["last_loss"] for r in new}
    train, evaluation, memory = (row[figure] for figure in FIGURES)
    line = (
        f"{name:22}  train {train['before']:8.0f} {train['after']:8.0f} {train['ratio']:6.3f}"
        f"   eval {evaluation['before']:8.0f} {evaluation['after']:8.0f} {evaluation['ratio']:6.3f}"
        f"   MiB {memory['before']:6.0f} {memory['after']:6.0f} {memory['ratio']:6.3f}"
        f"   {'same loss' if row['same_loss'] else 'OTHER LOSS'}")
    return line, row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, default=bench.LORIKEET)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--models", type=bench.listed, default=list(models.MODELS))
    parser.add_argument("--methods", type=bench.listed, default=["lora", "full"])
    parser.add_argument("--workloads", type=bench.listed, default=bench.NAMES)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--to", type=Path, help="a file for the rows, as JSON")
    parser.add_argument("--prepare", action="store_true", help="only write the models and jobs")
    options = parser.parse_args()
    options.dropout = "off"
    rows = []
    for model, method, workload in bench.cells(argparse.Namespace(quick=False, **vars(options))):
        job = bench.job_for(model, method, workload, options)
        if options.prepare:
            continue
        old, new = pairs_of(job, options.before, options.after, options.pairs)
        if not old or not new:
            print(f"{model} {method} {workload}: one side failed", flush=True)
            continue
        line, row = row_of(f"{model} {method} {workload}", old, new)
        rows.append(row)
        print(line, flush=True)
        if options.to:
            options.to.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
