"""Golden steps with rates of their own for layers and parts: ten steps of AdamW in PyTorch over the tiny models of
make_models.py and make_peft.py, with a group of parameters for each rate.

    python make_rates.py

Writes fixtures/weights/decay.json (each layer's rate is 1/2.6 of that above), parts.json (a rate for the head and one
for the embeddings) and gradual.json (the head in the first step, a block more in each further one, and rates of
layers besides), in the form of make_weights.py.
"""
import json
import os

import torch

from make_weights import CASES, FOLDER, HEADS, TABLES, block_of, blocks, loss, model_of

LR = 1e-3


def depth(model, name):
    """Layers below the head."""
    if any(part in name for part in TABLES):
        return blocks(model) + 1
    block = block_of(name)
    return 0 if block is None else blocks(model) - block


def decay(model, name):
    return LR / 2.6 ** depth(model, name)


def parts(model, name):
    if name.startswith(HEADS + ("lm_head.",)):
        return 5e-3
    return 2e-4 if depth(model, name) > blocks(model) else LR


def stage(model, name):
    """In which step it begins to learn: what stands between the last block and the head, with that block."""
    if name.startswith(HEADS + ("lm_head.",)):
        return 0
    return max(1, depth(model, name))


KINDS = {"decay": (decay, False), "parts": (parts, False), "gradual": (decay, True)}


def ten_steps(kind, case):
    rate, is_gradual = KINDS[kind]
    torch.manual_seed(3)
    model, classes = model_of(case)
    named = [(n, p) for n, p in model.named_parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": [p], "lr": rate(model, n)} for n, p in named], lr=LR, weight_decay=0.01)
    stages = sorted({stage(model, n) for n, _ in named})
    losses, norms = [], []
    for step in range(10):
        optimizer.zero_grad()
        lowest = stages[min(step, len(stages) - 1)] if is_gradual else max(stages)
        for name, parameter in named:
            parameter.requires_grad_(stage(model, name) <= lowest)
        value = loss(model, classes)
        value.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        losses.append(value.item())
    own = [n for n, _ in named if not n.startswith(HEADS)]
    return {"trained": sorted(own), "values": sum(p.numel() for n, p in named if n in own), "losses": losses,
            "norms": norms}


def main():
    torch.set_num_threads(1)
    for kind in KINDS:
        cases = [case for case in CASES if kind != "parts" or case not in ("gpt2", "llama")]
        with open(os.path.join(FOLDER, f"{kind}.json"), "w") as file:
            json.dump({case: ten_steps(kind, case) for case in cases}, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
