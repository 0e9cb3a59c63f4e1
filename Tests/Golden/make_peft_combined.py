"""Golden combinations of adapters: what PEFT's add_weighted_adapter makes of three on the tiny models of make_peft.py.

    python make_peft_combined.py

Writes fixtures/peft-combined/: three adapters a base, of other ranks and scales, and combined.json: the logits with each
combination. DARE is there at density 1 alone, where nothing is drawn.
"""
import json
import os

import torch
from peft import LoraConfig, get_peft_model

from make_models import HERE as MODELS
from make_models import formula
from make_peft import loaded, logits_of, save

FOLDER = os.path.join(os.path.dirname(MODELS), "peft-combined")
BASES = {"llama": ["q_proj", "down_proj"], "gpt2": ["c_attn", "mlp.c_proj"]}
RANKS = {"one": (3, 6), "two": (3, 9), "three": (2, 2)}
# name: adapters, weights, options
COMBINATIONS = {
    "linear": (["one", "two"], [0.7, 0.5], {}),
    "linear away": (["one", "two"], [1.0, -0.4], {}),
    "ties": (["one", "two"], [0.7, 0.5], dict(density=0.4)),
    "ties frequency": (["one", "two"], [0.7, 0.5], dict(density=0.6, majority_sign_method="frequency")),
    "magnitude_prune": (["one", "two"], [0.7, 0.5], dict(density=0.3)),
    "dare_linear": (["one", "two"], [0.7, 0.5], dict(density=1.0)),
    "dare_ties": (["one", "two"], [0.7, 0.5], dict(density=1.0)),
    "cat": (["one", "two", "three"], [0.5, -0.3, 1.2], {}),
    "svd": (["one", "two", "three"], [0.5, 0.3, 1.2], {}),
    "svd rank": (["one", "two", "three"], [0.5, 0.3, 1.2], dict(svd_rank=2)),
    "ties_svd": (["one", "two", "three"], [0.5, 0.3, 1.2], dict(density=0.5)),
    "magnitude_prune_svd": (["one", "three"], [0.5, 0.8], dict(density=0.4)),
    "dare_linear_svd": (["one", "three"], [0.5, 0.8], dict(density=1.0)),
    "dare_ties_svd": (["one", "two"], [0.5, 0.8], dict(density=1.0)),
}


def config_of(name, base):
    rank, alpha = RANKS[name]
    return LoraConfig(
        task_type="CAUSAL_LM", r=rank, lora_alpha=alpha, target_modules=BASES[base], fan_in_fan_out=base == "gpt2")


def made(base):
    model = get_peft_model(loaded(base, None), config_of("one", base), adapter_name="one")
    for name in ("two", "three"):
        model.add_adapter(name, config_of(name, base))
    place = 0
    for key, parameter in model.named_parameters():
        if ".lora_" in key:
            formula(parameter.data, 0.3, 0.37 * place)
            place += 1
    return model.eval()


def single(base, name):
    """The same adapter alone, saved as PEFT saves it."""
    whole = dict(made(base).named_parameters())
    model = get_peft_model(loaded(base, None), config_of(name, base))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if ".lora_" in key:
                parameter.copy_(whole[key.replace("default", name)])
    save(model.eval(), base, None, os.path.join(FOLDER, f"{base}-{name}"))


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    golden = {}
    for base in BASES:
        for name in RANKS:
            single(base, name)
        for name, (adapters, weights, options) in COMBINATIONS.items():
            model = made(base)
            model.add_weighted_adapter(adapters, weights, "all", combination_type=name.split(" ")[0], **options)
            model.set_adapter("all")
            golden[f"{base} {name}"] = [round(value, 6) for value in logits_of(model, None)[-1].tolist()]
    with open(os.path.join(FOLDER, "combined.json"), "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
