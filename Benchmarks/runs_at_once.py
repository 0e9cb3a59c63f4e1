"""Two runs over one base at once beside the same two one after the other, where a step leaves a core idle.

    python Benchmarks/runs_at_once.py [--model minilm] [--method lora] [--pairs 5]

Each step is one short message, under 64 tokens: one share, for one worker. Printed are the seconds of each pair and the
median of their ratios.
"""

import argparse
import json
import os

import models
import workloads
from bench import LORIKEET, WORK, measure

MESSAGES = 64
SHORTER_THAN = 64


def job_for(model, method, threads, pairs):
    """Writes the files of the measurement; the path of its job."""
    family = models.MODELS[model]["family"]
    made = workloads.workload("sms", family, 1, batches=(1, 2 * MESSAGES, 1))
    made["train"] = [row for row in made["train"] if len(row["ids"]) < SHORTER_THAN][:MESSAGES]
    job = {
        "model": str(models.prepare(model, WORK / "models")), "method": method, "batch": 1, "epochs": 1,
        "task": "classification" if family == "bert" else "causal", "threads": threads, "seed": 42,
        "workload": str(workloads.write(WORK / "workloads/runs-at-once.json", made)), "learning_rate": 1e-4,
        "dropout": "off", "pairs": pairs,
    }
    path = WORK / "jobs/runs-at-once.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(job))
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="minilm", choices=list(models.MODELS))
    parser.add_argument("--method", default="lora", choices=("lora", "last2", "full"))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    figures = measure([str(LORIKEET), "bench", str(job_for(options.model, options.method, options.threads, options.pairs))])
    if figures is None:
        raise SystemExit("the run failed")
    print("one after the other  at once  ratio   (seconds)")
    for one, both in zip(figures["in_turn_seconds"], figures["at_once_seconds"]):
        print(f"{one:19.3f}  {both:7.3f}  {both / one:5.3f}")
    print(f"{options.model} {options.method}, {options.threads} threads: median ratio {figures['ratio']:.3f}, "
          f"losses {'the same' if figures['same_losses'] else 'OTHERWISE'}")


if __name__ == "__main__":
    main()
