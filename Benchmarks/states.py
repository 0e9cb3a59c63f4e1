"""What writing a run's states costs: the share of a training's time, as `train` measures it.

    python Benchmarks/states.py                                  SmolLM2 by LoRA and MiniLM in full, states as usual
    python Benchmarks/states.py --model smollm2 --method full --minutes 11

Each run lasts as long as a few states take to fall due.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
LORIKEET = TOP / ".build/release/lorikeet"
CASES = [("smollm2", "lora r=8 targets=q_proj,v_proj"), ("smollm2", "full")]


def lines(model, method, steps):
    return [f"model {model}", "load imdb train=400 test=100 max_length=128", method, f"train steps={steps} as=cost"]


def trained(model, method, steps):
    """The value of `train`, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "cell.lk"
        script.write_text("\n".join(lines(model, method, steps)))
        done = subprocess.run(
            [LORIKEET, "run", str(script), "--json"], cwd=folder, capture_output=True, text=True, check=True
        )
    values = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return next(value["value"] for value in values if value.get("verb") == "train")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model")
    parser.add_argument("--method", default="lora r=8 targets=q_proj,v_proj")
    parser.add_argument("--minutes", type=float, help="how long a run lasts; three and eleven by default")
    options = parser.parse_args()
    for model, method in [(options.model, options.method)] if options.model else CASES:
        probe = trained(model, method, 8)
        minutes = options.minutes or (11 if method.startswith("full") else 3)
        steps = max(8, int(60 * minutes / (probe["seconds"] / 8)))
        value = trained(model, method, steps)
        states = value["states"]
        share = states["seconds"] / value["seconds"]
        print(
            f"{model} {method}: {steps} steps in {value['seconds']:.0f} s, {states['written']} states of "
            f"{states['bytes'] / 1e6:.1f} MB in {states['seconds']:.2f} s: {share:.2%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
