"""Golden (IA)3 adapters: trained and saved by PEFT on the tiny models of make_models.py and make_peft.py.

    python make_peft_ia3.py

Writes fixtures/peft-ia3/: the adapters with the logits that PEFT gives with them, ten steps of AdamW from the
start for each family, and every key of IA3Config. Everything is seeded.
"""
import dataclasses
import json
import os

import torch
from peft import IA3Config, get_peft_model

from make_models import HERE as MODELS
from make_models import formula, loss_of, sequences
from make_peft import BERT, loaded, save, train

FOLDER = os.path.join(os.path.dirname(MODELS), "peft-ia3")

# name: base model, classes (None: a language model), IA3's settings
ADAPTERS = {
    "bert-usual": (BERT, 3, {}),
    "bert-outputs": (BERT, 2, dict(target_modules=["query", "intermediate.dense"], feedforward_modules=[])),
    "llama-usual": ("llama", None, {}),
    "llama3-classes": ("llama3", 2, dict(target_modules=["q_proj", "up_proj"], feedforward_modules=["up_proj"])),
    "gpt2-usual": ("gpt2", None, dict(fan_in_fan_out=True)),
}


def base_of(name):
    base, classes, settings = ADAPTERS[name]
    settings = IA3Config(task_type="SEQ_CLS" if classes else "CAUSAL_LM", **settings)
    return get_peft_model(loaded(base, classes), settings), classes


def ten_steps(name):
    """The losses of ten steps from the start: of next tokens, or of a classifier that starts by a formula."""
    torch.manual_seed(3)
    model, classes = base_of(name)
    trained = [p for p in model.parameters() if p.requires_grad]
    if classes:
        head = model.base_model.model.classifier.modules_to_save["default"]
        formula(head.weight, 0.2, 0.5)
        formula(head.bias, 0.0, 0.0)
    optimizer = torch.optim.AdamW(trained, lr=1e-2, weight_decay=0.0)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        if classes:
            loss = sum(torch.nn.functional.cross_entropy(model(torch.tensor([ids])).logits, torch.tensor([index % classes]))
                       for index, ids in enumerate(sequences(61))) / 3
        else:
            loss = loss_of(model, sequences(61))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "trained": sum(p.numel() for n, p in model.named_parameters() if "ia3_l" in n)}


def write(name):
    torch.manual_seed(len(name))
    model, classes = base_of(name)
    train(model, classes)
    model.eval()
    save(model, ADAPTERS[name][0], classes, os.path.join(FOLDER, name))


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    for name in ADAPTERS:
        write(name)
    steps = {name: ten_steps(name) for name in ("bert-usual", "llama-usual", "gpt2-usual")}
    steps["keys"] = sorted(field.name for field in dataclasses.fields(IA3Config))
    with open(os.path.join(FOLDER, "steps.json"), "w") as file:
        json.dump(steps, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
