"""What a plan says of memory and time beside what training then takes: nine configurations, a process each.

    python Benchmarks/memory.py
    python Benchmarks/memory.py --only minilm-lora --binary .build/debug/lorikeet

Memory is what the process holds of its own (RssAnon, looked at every few milliseconds): its peak from the beginning of
`train` on, less what it held just before. Texts are made up, of words of the models' own. GPT-2 is its shape with random
weights, written once into a folder of its own.
"""

import argparse
import json
import random
import shutil
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy

TOP = Path(__file__).resolve().parents[1]
WORDS = (
    "the a of and to in is it that was for on are as with his they at be this from have or by one had not but what all "
    "were when we there can an your which their said if do will each about how up out them then she many some so these "
    "would other into has more her two like him see time could no make than first been its who now people my made over"
).split()
LINES = {
    "minilm-lora-short": ("minilm", "lora r=8", 24, 8, "", 40),
    "minilm-full-long": ("minilm", "full", 400, 8, "", 8),
    "smollm2-lora-long": ("smollm2", "lora r=8", 1000, 2, "", 3),
    "smollm2-lora-long-checkpointing": ("smollm2", "lora r=8", 1000, 2, "checkpointing=yes", 3),
    "smollm2-full-short": ("smollm2", "full", 24, 8, "", 6),
    "gpt2-lora-short": ("gpt2", "lora r=8", 24, 8, "", 12),
    "gpt2-full-long": ("gpt2", "full", 400, 4, "checkpointing=yes", 3),
    "gpt2-last-long": ("gpt2", "last n=2", 400, 4, "", 4),
    "minilm-head-long": ("minilm", "head", 200, 8, "", 40),
}


def write_gpt2(folder, tokenizer):
    """GPT-2 small's shape as config.json and model.safetensors, with seeded random weights."""
    width, blocks, vocabulary, context = 768, 12, 50257, 1024
    shapes = {"wte.weight": (vocabulary, width), "wpe.weight": (context, width)}
    for block in range(blocks):
        for name, shape in {
            "ln_1.weight": (width,), "ln_1.bias": (width,), "ln_2.weight": (width,), "ln_2.bias": (width,),
            "attn.c_attn.weight": (width, 3 * width), "attn.c_attn.bias": (3 * width,),
            "attn.c_proj.weight": (width, width), "attn.c_proj.bias": (width,),
            "mlp.c_fc.weight": (width, 4 * width), "mlp.c_fc.bias": (4 * width,),
            "mlp.c_proj.weight": (4 * width, width), "mlp.c_proj.bias": (width,),
        }.items():
            shapes[f"h.{block}.{name}"] = shape
    shapes |= {"ln_f.weight": (width,), "ln_f.bias": (width,)}
    source, header, place = numpy.random.default_rng(7), {}, 0
    for name, shape in shapes.items():
        size = 4 * int(numpy.prod(shape))
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    folder.mkdir(parents=True)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            if len(shape) == 1:
                values = numpy.full(shape, 1.0 if name.endswith("weight") else 0.0, "<f4")
            else:
                values = (0.02 * source.standard_normal(shape)).astype("<f4")
            file.write(values.tobytes())
    config = {
        "model_type": "gpt2", "n_embd": width, "n_layer": blocks, "n_head": 12, "n_positions": context, "n_ctx": context,
        "vocab_size": vocabulary, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
        "tie_word_embeddings": True, "bos_token_id": 50256, "eos_token_id": 50256,
    }
    (folder / "config.json").write_text(json.dumps(config))
    for file in Path(tokenizer).iterdir():
        if file.name != "config.json" and file.suffix in (".json", ".txt"):
            shutil.copy(file, folder / file.name)


def write_texts(path, words, count):
    source = random.Random(5)
    lines = ["text,label"]
    for number in range(count):
        length = max(4, round(words * source.uniform(0.6, 1.4)))
        lines.append(" ".join(source.choice(WORDS) for _ in range(length)) + f",{'ab'[number % 2]}")
    path.write_text("\n".join(lines) + "\n")


def anonymous(process):
    """Bytes of its own that a process holds; 0 once it is gone."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 0


def run(binary, name, folder, gpt2):
    """Expected and measured: bytes, seconds."""
    model, method, words, batch, more, steps = LINES[name]
    write_texts(folder / "texts.csv", words, max(64, batch * steps))
    cell = [
        f"model {gpt2 if model == 'gpt2' else model}",
        f"load path=texts.csv test=0 validation=4 max_length={min(512 if model == 'minilm' else 1024, 2 * words)}", method,
        "sleep 1.5", f"train steps={steps} batch={batch} save_every=0 {more}",
    ]
    (folder / "cell.lk").write_text("\n".join(cell) + "\n")
    process = subprocess.Popen(
        [binary, "run", "cell.lk", "--json"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    phase, before, peak, is_over = "loading", 0, 0, False

    def watch():
        nonlocal before, peak
        while not is_over:
            held = anonymous(process.pid)
            if phase == "waiting":
                before = held
            elif phase == "training":
                peak = max(peak, held)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    value = None
    for line in process.stdout:
        report = json.loads(line)
        phase = {method.split()[0]: "waiting", "sleep": "training", "train": "over"}.get(report["verb"], phase)
        if report["status"] != "ok":
            raise SystemExit(f"{name}: {report}")
        if report["verb"] == "train":
            value = report
    is_over = True
    watcher.join()
    process.wait()
    trained = value["value"]
    judged = sum(epoch["seconds"] for epoch in trained["epochs"]) - trained["seconds"]
    return trained["expected"], peak - before, trained["seconds"] + max(0, judged), value["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(TOP / ".build/release/lorikeet"))
    parser.add_argument("--tokenizer", default=str(TOP.parent / "shared/models/gpt2-tokenizer"), help="a folder with GPT-2's")
    parser.add_argument("--only", help="configurations whose names begin so")
    options = parser.parse_args()
    binary = str(Path(options.binary).resolve())
    print(f"{'':34}{'thought':>10}{'measured':>10}{'ratio':>7}{'thought':>10}{'measured':>10}{'ratio':>7}")
    with tempfile.TemporaryDirectory() as place:
        gpt2 = Path(place) / "gpt2"
        for name in LINES:
            if options.only and not name.startswith(options.only):
                continue
            if LINES[name][0] == "gpt2" and not gpt2.exists():
                write_gpt2(gpt2, options.tokenizer)
            folder = Path(place) / name
            folder.mkdir()
            expected, measured, seconds, whole = run(binary, name, folder, gpt2)
            print(
                f"{name:34}{expected['bytes'] / 1e6:7.0f} MB{measured / 1e6:7.0f} MB{expected['bytes'] / measured:7.2f}"
                f"{expected['seconds']:8.1f} s{whole:8.1f} s{expected['seconds'] / whole:7.2f}   "
                + " ".join(f"{part} {size / 1e6:.0f}" for part, size in expected["of_bytes"].items()),
                flush=True,
            )


if __name__ == "__main__":
    main()
