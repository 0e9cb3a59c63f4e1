"""Which parameters weight decay pulls on in Transformers' Trainer, and ten steps of AdamW in PyTorch over the groups that
the Trainer makes of them.

    python make_spared.py

Writes fixtures/weights/spared.json, as make_weights.py does, with the names of those that are left alone, and of those
of PEFT's adapters.
"""
import json
import os

import torch
from make_weights import FOLDER, HEADS, loss, model_of
from peft import (IA3Config, LNTuningConfig, LoraConfig, PrefixTuningConfig, PromptTuningConfig, VeraConfig,
                  get_peft_model)
from transformers import Trainer

DECAY = 2.0
ADAPTERS = {
    "lora": lambda: LoraConfig(task_type="SEQ_CLS", target_modules=["query", "value"], use_dora=True, bias="all"),
    "ia3": lambda: IA3Config(task_type="SEQ_CLS"),
    "vera": lambda: VeraConfig(task_type="SEQ_CLS", target_modules=["query", "value"], r=4),
    "norms": lambda: LNTuningConfig(task_type="SEQ_CLS", target_modules=["LayerNorm"]),
    "prompt_tuning": lambda: PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=3),
    "prefix_tuning": lambda: PrefixTuningConfig(
        task_type="SEQ_CLS", num_virtual_tokens=3, prefix_projection=True, encoder_hidden_size=8),
}


def decayed(model):
    return set(Trainer.get_decay_parameter_names(None, model))


def ten_steps(case):
    torch.manual_seed(3)
    model, classes = model_of(case)
    named, pulled = dict(model.named_parameters()), decayed(model)
    optimizer = torch.optim.AdamW(
        [{"params": [p for n, p in named.items() if n in pulled], "weight_decay": DECAY},
         {"params": [p for n, p in named.items() if n not in pulled], "weight_decay": 0.0}], lr=1e-3)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        value = loss(model, classes)
        value.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
        optimizer.step()
        losses.append(value.item())
    own = sorted(n for n in named if not n.startswith(HEADS))
    return {"trained": own, "values": sum(named[n].numel() for n in own), "losses": losses, "norms": norms,
            "spared": sorted(n for n in named if n not in pulled)}


def spared_of_adapters(name):
    """By PEFT's names, as files have them."""
    model = get_peft_model(model_of("bert")[0], ADAPTERS[name]())
    pulled = decayed(model)
    names = [n for n, p in model.named_parameters() if p.requires_grad]
    return {"trained": sorted(names), "spared": sorted(n for n in names if n not in pulled)}


def main():
    torch.set_num_threads(1)
    cases = ["bert", "gpt2", "llama", "gpt2-untied", "llama-classes"]
    found = {case: ten_steps(case) for case in cases}
    found["adapters"] = {name: spared_of_adapters(name) for name in ADAPTERS}
    with open(os.path.join(FOLDER, "spared.json"), "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
