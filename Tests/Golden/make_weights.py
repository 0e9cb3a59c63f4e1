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


def hft(model, names):
    return names


TABLES = ("embeddings.", "wte.", "wpe.", "embed_tokens.")


def freeze(model, names):
    """`full`, `freeze embeddings,norms`, `unfreeze norms layers=1`."""
    of_norms = norms(model, names)
    return [n for n in names if not any(part in n for part in TABLES)
            and (n not in of_norms or block_of(n) == 1)]


def unfreeze(model, names):
    """`head`, `unfreeze last:1`, `freeze '*.bias'`."""
    chosen = [n for n in names if block_of(n) == blocks(model) - 1] + head(model, names)
    return [n for n in chosen if not n.endswith(".bias")]


class HalfDraw:
    """What of Half Fine-Tuning rests in an epoch, drawn as HalfDraw.swift draws it."""

    ATTENTION = ("attention.self.", "attention.output.dense", "attn.c_", "self_attn.")
    FORWARD = ("intermediate.dense", "output.dense", "mlp.")

    def __init__(self, names, seed):
        layers = {}
        for name in names:
            path = name.removeprefix("bert.").removeprefix("transformer.").removeprefix("model.").rpartition(".")[0]
            layers.setdefault(path, []).append(name)
        self.seed = seed
        self.kinds = [{} for _ in range(4)]
        for path in sorted(layers):
            block = block_of(path)
            self.kinds[self.kind(path, block)].setdefault(block or 0, []).append(layers[path])

    def kind(self, path, block):
        if block is None:
            return 3
        if any(part in path for part in self.ATTENTION):
            return 0
        return 1 if any(part in path for part in self.FORWARD) else 2

    def resting(self, epoch):
        random = CounterRandom(self.seed, "hft", epoch)
        names = set()
        for kind in self.kinds:
            blocks = [kind[number] for number in sorted(kind)]
            for place, layers in zip(random.permutation(len(blocks)), blocks):
                is_larger = len(layers) % 2 == 1 and place < len(blocks) // 2
                for layer in random.permutation(len(layers))[:len(layers) // 2 + is_larger]:
                    names.update(layers[layer])
        return names


class CounterRandom:
    """Random numbers by counting, as CounterRandom.swift has them."""

    BITS = (1 << 64) - 1
    GAMMA = 0x9E3779B97F4A7C15

    def __init__(self, seed, purpose, step):
        key = self.mix(seed ^ 0x6C6F72696B656574)
        for byte in purpose.encode():
            key = self.mix(key ^ byte)
        self.key, self.drawn = self.mix(key ^ step), 0

    def mix(self, value):
        z = (value + self.GAMMA) & self.BITS
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & self.BITS
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & self.BITS
        return z ^ (z >> 31)

    def below(self, count):
        self.drawn += 1
        number = self.mix((self.key + self.drawn * self.GAMMA) & self.BITS)
        return int((number >> 11) * 2.0 ** -53 * count)

    def permutation(self, count):
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


METHODS = {"last": last, "head": head, "bitfit": bitfit, "norms": norms, "hft": hft, "freeze": freeze,
           "unfreeze": unfreeze}

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
    draw = HalfDraw(sorted(chosen), 1) if method == "hft" else None
    optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for step in range(10):
        optimizer.zero_grad()
        # All examples are one batch: each step is an epoch.
        resting = draw.resting(step) if draw else set()
        for name, parameter in model.named_parameters():
            parameter.requires_grad_((name in chosen or name.startswith(HEADS)) and name not in resting)
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
