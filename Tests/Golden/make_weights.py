"""Golden steps of the methods that train some of a model's own weights: ten steps of AdamW in PyTorch over the tiny
models of make_models.py and make_peft.py, with nothing trained but what the method names.

    python make_weights.py [METHOD …]

Writes fixtures/weights/METHOD.json: for each model what is trained (names and number of values, the classifier aside),
losses and norms of the gradients. Classifiers start by a formula.
"""
import json
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from make_models import HERE as MODELS
from make_models import formula, loss_of, sequences
from make_peft import BERT

FOLDER = os.path.join(os.path.dirname(MODELS), "weights")
HEADS = ("classifier.", "score.")


def blocks(model):
    return model.config.num_hidden_layers


def block_of(name):
    """The number of the block that a tensor belongs to, or None."""
    numbers = [int(part) for part in name.split(".") if part.isdigit()]
    return numbers[0] if numbers else None


def last(model, names):
    """The last block, the final norm, BERT's pooler, and a language head of its own."""
    after = ("ln_f.", "model.norm.", "lm_head.", "pooler.")
    return [n for n in names if block_of(n) == blocks(model) - 1 or any(part in n for part in after)]


def head(model, names):
    """A language head of its own."""
    return [n for n in names if n.startswith("lm_head.")]


def bitfit(model, names):
    return [n for n in names if n.endswith(".bias")]


def norms(model, names):
    kinds = (torch.nn.LayerNorm, LlamaRMSNorm)
    paths = {name for name, module in model.named_modules() if isinstance(module, kinds)}
    return [n for n in names if n.rpartition(".")[0] in paths]


METHODS = {"last": last, "head": head, "bitfit": bitfit, "norms": norms}

# name: folder, classes (None: a language model)
CASES = {
    "bert": (BERT, 2), "gpt2": (os.path.join(MODELS, "gpt2"), None), "llama": (os.path.join(MODELS, "llama"), None),
    "gpt2-untied": (os.path.join(MODELS, "gpt2-untied"), None), "llama3": (os.path.join(MODELS, "llama3"), None),
    "llama-classes": (os.path.join(MODELS, "llama"), 2),
}


def model_of(case):
    folder, classes = CASES[case]
    if not classes:
        return AutoModelForCausalLM.from_pretrained(folder), None
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=classes)
    for name, parameter in model.named_parameters():
        if name.startswith(HEADS):
            formula(parameter, 0.2 if name.endswith("weight") else 0.0, 0.5)
    return model, classes


def loss(model, classes):
    if not classes:
        return loss_of(model, sequences(61))
    return sum(torch.nn.functional.cross_entropy(model(torch.tensor([ids])).logits, torch.tensor([index % classes]))
               for index, ids in enumerate(sequences(61))) / 3


def ten_steps(method, case):
    torch.manual_seed(3)
    model, classes = model_of(case)
    names = [name for name, _ in model.named_parameters() if not name.startswith(HEADS)]
    chosen = set(METHODS[method](model, names))
    trained = []
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in chosen or name.startswith(HEADS))
        if parameter.requires_grad:
            trained.append(parameter)
    if not trained or not chosen and method != "head":
        return None
    optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        value = loss(model, classes)
        value.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        losses.append(value.item())
    return {
        "trained": sorted(chosen), "values": sum(p.numel() for n, p in model.named_parameters() if n in chosen),
        "losses": losses, "norms": norms}


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    for method in sys.argv[1:] or METHODS:
        cases = {case: found for case in CASES if (found := ten_steps(method, case))}
        with open(os.path.join(FOLDER, f"{method}.json"), "w") as file:
            json.dump(cases, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
