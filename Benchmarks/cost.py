"""Time a token against the length of the texts and the size of the batch, as a table and a plot.

    python Benchmarks/cost.py [--model smollm2] [--method lora]
"""

import argparse
import json
import os
import subprocess
from pathlib import Path

import models
import workloads
from bench import LORIKEET, WORK, measure

LENGTHS = (64, 128, 256, 512, 1024, 2048)
BATCHES = (1, 2, 4, 8, 16, 32, 64)
TYPICAL_LENGTH, TYPICAL_BATCH = 128, 8


def microseconds(model, method, length, batch, threads):
    """Microseconds a token of training on texts of this length."""
    family = models.MODELS[model]["family"]
    # Large batches take long enough to be measured by one.
    steps = 1 if length * batch >= 4096 else 3
    made = workloads.workload(f"length {length}", family, batch, batches=(1, steps, 1), length=length)
    job = {
        "model": str(models.prepare(model, WORK / "models")), "method": method, "batch": batch, "epochs": 1,
        "task": "classification" if family == "bert" else "causal", "threads": threads, "seed": 42,
        "workload": str(workloads.write(WORK / "workloads/cost.json", made)), "learning_rate": 1e-4, "dropout": "off",
    }
    path = WORK / "jobs/cost.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(job))
    figures = measure([str(LORIKEET), "bench", str(path)])
    if figures is None:
        raise SystemExit(f"{length} tokens, {batch} texts: the run failed")
    return 1e6 / figures["train_tokens_per_second"]


def plot(path, by_length, by_batch, title):
    def block(name, points):
        return f"${name} << EOD\n" + "".join(f"{x} {y}\n" for x, y in points) + "EOD\n"

    script = block("length", by_length) + block("batch", by_batch) + f"""
set terminal svg size 900,360 font 'sans,12' background 'white'
set output '{path}'
set multiplot layout 1,2 title '{title}'
set logscale x 2
set yrange [0:*]
set ylabel 'microseconds a token'
set grid
set xlabel 'tokens a text (batch {TYPICAL_BATCH})'
plot $length with linespoints pt 7 notitle
set xlabel 'texts a batch (of {TYPICAL_LENGTH} tokens)'
plot $batch with linespoints pt 7 notitle
unset multiplot
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="smollm2", choices=list(models.MODELS))
    parser.add_argument("--method", default="lora", choices=("lora", "last2", "full"))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    context = 2048 if models.MODELS[options.model]["family"] == "llama" else 1024 if options.model == "gpt2" else 512
    cost = lambda length, batch: microseconds(options.model, options.method, length, batch, options.threads)

    by_length = [(length, cost(length, TYPICAL_BATCH)) for length in LENGTHS if length <= context]
    by_batch = [(batch, cost(TYPICAL_LENGTH, batch)) for batch in BATCHES]
    for title, points in (("tokens a text", by_length), ("texts a batch", by_batch)):
        print(title)
        for x, y in points:
            print(f"{x:6} {y:10.1f} µs a token")
    path = Path(__file__).resolve().parent / f"results/cost-{options.model}-{options.method}.svg"
    path.parent.mkdir(exist_ok=True)
    plot(path, by_length, by_batch, f"{models.MODELS[options.model]['title']}, {options.method}")
    print(path)


if __name__ == "__main__":
    main()
