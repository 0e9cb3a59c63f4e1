"""What gradient checkpointing saves, and what it costs: SmolLM2 at 1,024 tokens by LoRA, with and without, in turns.

    python Benchmarks/checkpointing.py
    python Benchmarks/checkpointing.py --length 512 --rounds 5 --binary .build/debug/lorikeet

Kept are the bytes that one pass over a text holds once its hidden states are there; the peak is the process's. Losses are
compared to the last digit. Run it on an idle machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import workloads

TOP = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.get("LORIKEET_HOME", Path.home() / ".cache/lorikeet")) / "models"


def measured(binary, job, folder):
    """One process: what it printed."""
    path = Path(folder) / "job.json"
    path.write_text(json.dumps(job))
    done = subprocess.run([binary, "bench", str(path)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(TOP / ".build/release/lorikeet"))
    parser.add_argument("--model", help="a folder or a .gguf file of SmolLM2; the cached one by default")
    parser.add_argument("--method", default="lora")
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--texts", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    model = options.model or str(next((CACHE / "smollm2").glob("*.gguf")))
    with tempfile.TemporaryDirectory() as folder:
        tokens = Path(folder) / "tokens.json"
        made = workloads.workload("sms", "llama", 1, batches=(1, options.texts, 1), length=options.length)
        tokens.write_text(json.dumps(made))
        job = {
            "model": model, "task": "causal", "method": options.method, "precision": "f32", "workload": str(tokens),
            "batch": 2, "epochs": 1, "threads": options.threads, "seed": 42, "learning_rate": 1e-3,
        }
        sides = {False: [], True: []}
        for number in range(options.rounds):
            for checkpointing in (False, True) if number % 2 == 0 else (True, False):
                found = measured(options.binary, job | {"checkpointing": checkpointing}, folder)
                sides[checkpointing].append(found)
                print(
                    f"{number + 1} {'checkpointing' if checkpointing else 'all kept':14} {found['kept_mb']:8.1f} MiB kept  "
                    f"peak {found['peak_rss_mb']:7.0f} MiB  {found['train_seconds']:6.2f} s  loss {found['last_loss']!r}",
                    flush=True,
                )
    both = [
        {key: statistics.median(found[key] for found in sides[side]) for key in ("kept_mb", "peak_rss_mb", "train_seconds")}
        for side in (False, True)
    ]
    ratio = {key: both[1][key] / both[0][key] for key in both[0]}
    same = len({(found["first_loss"], found["last_loss"]) for side in sides.values() for found in side}) == 1
    print(
        f"kept {ratio['kept_mb']:.3f}, peak {ratio['peak_rss_mb']:.3f}, time {ratio['train_seconds']:.3f}, "
        f"losses {'the same' if same else 'DIFFER'}"
    )


if __name__ == "__main__":
    main()
