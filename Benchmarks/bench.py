"""`make bench`: tuning and evaluation here and with Transformers + PEFT, on the same tokens, in turns.

    python Benchmarks/bench.py                       the whole grid, three rounds
    python Benchmarks/bench.py --quick               a corner of it, within five minutes
    python Benchmarks/bench.py --models minilm --methods lora,full --workloads sms --rounds 1
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import floor
import models
import report
import workloads

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
WORK = TOP / "build/bench"
LORIKEET = TOP / ".build/release/lorikeet"

METHODS = ("lora", "last2", "full")
NAMES = ("imdb", "sms")
LEARNING_RATE = {"lora": 5e-4, "last2": 5e-5, "full": 2e-5}
# The other methods, each with its verb here and its settings; beside LoRA's row of the same model and texts.
OTHERS = {
    "dora": ("lora", {"dora": True}), "ia3": ("ia3", {}), "vera": ("vera", {}), "bitfit": ("bitfit", {}),
    "prompt": ("prompt_tuning", {"tokens": 20}), "prefix": ("prefix_tuning", {"tokens": 20}),
    "reft": ("reft", {"r": 4, "positions": "f1+l1"}),
}
# SmolLM2 has no biases.
OTHER_ROWS = [
    (model, method, "sms") for model in ("minilm", "smollm2") for method in OTHERS if (model, method) != ("smollm2", "bitfit")]
# Methods whose first values are drawn, by another generator on each side, and change what the model answers.
DRAWN = {"prompt", "prefix", "reft"}
# Three epochs where an epoch can profit from the one before it.
EPOCHS = {"lora": 1, "last2": 3, "full": 1}
QUICK = [("minilm", "lora", "imdb"), ("minilm", "full", "sms"), ("minilm", "last2", "sms"),
         ("smollm2", "lora", "sms"), ("gpt2", "lora", "sms")]
# glibc gives memory back to the system and faults it in again; these thresholds stop it.
THRESHOLDS = {
    "MALLOC_TRIM_THRESHOLD_": "17179869184", "MALLOC_MMAP_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
}


def job_for(model, method, workload, options):
    """Writes the files of one measurement; the path of its job."""
    facts = models.MODELS[model]
    folder = models.prepare(model, WORK / "models")
    family = facts["family"]
    tokens = WORK / f"workloads/{workload}-{family}-{facts['batch']}.json"
    workloads.write(tokens, workloads.workload(workload, family, facts["batch"]))
    job = {
        "model": str(folder), "task": "classification" if family == "bert" else "causal",
        "method": OTHERS.get(method, (method,))[0], "kind": method, "settings": OTHERS.get(method, (method, {}))[1],
        "workload": str(tokens), "batch": facts["batch"], "epochs": EPOCHS.get(method, 1),
        "threads": options.threads, "seed": 42, "learning_rate": LEARNING_RATE.get(method, 1e-3), "dropout": options.dropout,
    }
    path = WORK / f"jobs/{model}-{method}-{workload}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(job, indent=1))
    return path


def plain_environment():
    """The environment without what tells a library which processor's kernels to use, whatever the shell of the day says."""
    told = ("MALLOC_", "OPENBLAS_", "MKL_", "ATEN_", "DNNL_", "OMP_")
    return {key: value for key, value in os.environ.items() if not key.startswith(told)}


def measure(command, thresholds=False):
    """Runs one measurement in a process of its own; what it printed last."""
    environment = plain_environment()
    if thresholds:
        environment.update(THRESHOLDS)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def in_turns(job, rounds, raised):
    """Ours, the peer, ours, the peer …; and the peer with raised thresholds once, in the first round, where wanted."""
    sides = {"ours": [], "peft": [], "peft_raised": []}
    for number in range(rounds):
        for side, found in sides.items():
            if side == "peft_raised" and (number > 0 or not raised):
                continue
            command = [str(LORIKEET), "bench", str(job)] if side == "ours" else [sys.executable, str(HERE / "peer.py"), str(job)]
            result = measure(command, thresholds=side == "peft_raised")
            if result:
                found.append(result)
    return {side: median(found) for side, found in sides.items()}


def median(results):
    """The median of each figure over the rounds; the peak of memory is a peak."""
    if not results:
        return None
    keys = [key for key, value in results[0].items() if isinstance(value, (int, float))]
    middle = {key: statistics.median(result[key] for result in results) for key in keys}
    middle["peak_rss_mb"] = max(result["peak_rss_mb"] for result in results)
    return middle


def same_work(row, causal):
    """What shows that one side did something else, in a line; None when both did the same."""
    ours, peer = row["ours"], row["peft"]
    if not ours or not peer:
        return "one side failed"
    if abs(ours["trainable"] - peer["trainable"]) > 0.05 * peer["trainable"]:
        return f"trained weights differ: {ours['trainable']:,.0f} here, {peer['trainable']:,.0f} there"
    # A classifier starts at random, as these methods do; else a language model's first loss is a fact.
    if causal and row["method"] not in DRAWN and abs(ours["first_loss"] - peer["first_loss"]) > 5e-3 * peer["first_loss"]:
        return f"first losses differ: {ours['first_loss']:.4f} here, {peer['first_loss']:.4f} there"
    return None


def shares(job_path, ours):
    """The share of the measured sgemm peak that went into operations that are needed."""
    job = json.loads(job_path.read_text())
    workload = json.loads(Path(job["workload"]).read_text())
    shape = floor.shape_of(job["model"])
    train = floor.training(shape, job["kind"], [len(s["ids"]) for s in workload["train"]], job["epochs"])
    answer = 1 if job["task"] == "causal" else 0
    test = floor.evaluation(shape, [len(s["ids"]) - answer for s in workload["test"]], workload["prefix"])
    peak = ours["sgemm_gflops"] * 1e9
    return {
        "share_of_sgemm_peak": train / ours["train_seconds"] / peak,
        "eval_share_of_sgemm_peak": test / ours["eval_seconds"] / peak,
    }


def possible(row):
    """A decoder of LLaMA's family has no biases to train."""
    return not (row[1] == "bitfit" and row[0] == "smollm2")


def cells(options):
    if options.quick:
        return QUICK
    if options.methods is None:
        return [(m, k, w) for m in options.models for w in options.workloads for k in METHODS] + [
            row for row in OTHER_ROWS if row[0] in options.models and row[2] in options.workloads and possible(row)]
    return [(m, k, w) for m in options.models for w in options.workloads for k in options.methods]


def listed(text):
    return text.split(",")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--models", type=listed, default=list(models.MODELS))
    parser.add_argument("--methods", type=listed, default=None)
    parser.add_argument("--workloads", type=listed, default=NAMES)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--add", action="store_true", help="keep the rows of the results file that are not measured now")
    parser.add_argument("--to", type=Path, help="the file for the rows, in place of results/latest.json")
    parser.add_argument("--no-raised", dest="raised", action="store_false", help="leave out the peer with raised thresholds")
    parser.add_argument("--dropout", choices=("off", "config"), default="off")
    options = parser.parse_args()
    rounds = options.rounds or (1 if options.quick else 3)

    path = options.to or HERE / "results" / ("quick.json" if options.quick else "latest.json")
    path = path.resolve()
    rows = []
    for model, method, workload in cells(options):
        job = job_for(model, method, workload, options)
        row = {"model": model, "method": method, "workload": workload, "rounds": rounds}
        row |= in_turns(job, rounds, options.raised)
        if row["ours"] and "sgemm_gflops" in row["ours"]:
            row["ours"].update(shares(job, row["ours"]))
        rows.append(row)
        print(report.line(row), flush=True)
        if difference := same_work(row, json.loads(job.read_text())["task"] == "causal"):
            print(f"  not the same work: {difference}", flush=True)
        report.write(path, rows, options.threads, adds=options.add)
    print("\n" + report.table(rows))
    print(f"\nwritten to {path.name}")


if __name__ == "__main__":
    main()
