"""Golden VeRA adapters: trained and saved by PEFT on the tiny models of make_models.py and make_peft.py.

    python make_peft_vera.py

Writes fixtures/peft-vera/: the adapters with the logits that PEFT gives with them, ten more steps of AdamW from each,
and every key of VeraConfig. Everything is seeded.
"""
import dataclasses
import json
import os

import torch
from peft import VeraConfig, get_peft_model

from make_models import HERE as MODELS
from make_models import loss_of, sequences
from make_peft import BERT, loaded, save, train

FOLDER = os.path.join(os.path.dirname(MODELS), "peft-vera")

# name: base model, classes (None: a language model), VeRA's settings
ADAPTERS = {
    "bert-classes": (BERT, 3, dict(r=6, target_modules=["query", "value", "output.dense"])),
    "gpt2-writes": ("gpt2", None, dict(r=5, target_modules=["c_attn", "mlp.c_proj"], fan_in_fan_out=True)),
    "llama-writes": ("llama", None, dict(r=6, target_modules=["q_proj", "k_proj", "down_proj"], d_initial=0.5)),
    "llama-biases": ("llama3", 2, dict(r=4, target_modules=["v_proj"], bias="vera_only")),
}


def steps(model, classes):
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        if classes:
            loss = sum(torch.nn.functional.cross_entropy(model(torch.tensor([ids])).logits, torch.tensor([index % classes]))
                       for index, ids in enumerate(sequences(61))) / 3
        else:
            loss = loss_of(model, sequences(61))
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


def write(name):
    base, classes, settings = ADAPTERS[name]
    torch.manual_seed(len(name))
    model = get_peft_model(
        loaded(base, classes), VeraConfig(task_type="SEQ_CLS" if classes else "CAUSAL_LM", **settings))
    train(model, classes)
    model.eval()
    save(model, base, classes, os.path.join(FOLDER, name))
    return steps(model, classes)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    golden = {name: write(name) for name in ADAPTERS}
    golden["keys"] = sorted(field.name for field in dataclasses.fields(VeraConfig))
    with open(os.path.join(FOLDER, "steps.json"), "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
