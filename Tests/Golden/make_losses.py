"""Losses and their gradients by PyTorch, in double precision: torch.nn.CrossEntropyLoss with class weights and smoothed
labels, Transformers' LabelSmoother, and the focal loss by its formula, as PyTorch has none of classes.

    python make_losses.py

Writes fixtures/losses.json, the mean loss of rows of logits (2 · sin(0.37 · index + 0.3)) and its gradient, and
fixtures/weights/loss-NAME.json: ten steps of AdamW under these losses over the tiny models, as make_weights.py does.
"""
import json
import math
import os

import torch
from make_models import sequences
from make_weights import FOLDER, HEADS, model_of
from transformers.trainer_pt_utils import LabelSmoother

ROWS, CLASSES = 9, 4
LABELS = [2, 0, 1, 3, 2, 2, 1, 0, 3]
WEIGHTS = [0.5, 2.0, 1.0, 3.5]


def focal(logits, labels, weights, gamma):
    """Lin et al. 2017, divided by the sum of α, as CrossEntropyLoss divides by that of its weights."""
    logarithm = torch.log_softmax(logits, -1).gather(1, labels[:, None])[:, 0]
    alpha = torch.ones_like(logarithm) if weights is None else weights[labels]
    return (-alpha * (1 - logarithm.exp()) ** gamma * logarithm).sum() / alpha.sum()


CASES = [
    ({}, False), ({}, True), ({"label_smoothing": 0.1}, False), ({"label_smoothing": 0.3}, True),
    ({"label_smoothing": 1}, True), ({"focal_gamma": 2}, False), ({"focal_gamma": 2}, True),
    ({"focal_gamma": 0.5}, True), ({"focal_gamma": 5}, False), ({"focal_gamma": 0}, True),
]


def criterion(settings, weights):
    if "focal_gamma" in settings:
        return lambda logits, labels: focal(logits, labels, weights, settings["focal_gamma"])
    return torch.nn.CrossEntropyLoss(weight=weights, label_smoothing=settings.get("label_smoothing", 0.0))


def value(settings, is_weighted):
    index = torch.arange(ROWS * CLASSES, dtype=torch.float64)
    logits = (2 * torch.sin(0.37 * index + 0.3)).reshape(ROWS, CLASSES).requires_grad_()
    weights = torch.tensor(WEIGHTS, dtype=torch.float64) if is_weighted else None
    loss = criterion(settings, weights)(logits, torch.tensor(LABELS))
    loss.backward()
    return {"settings": settings, "weighted": is_weighted, "loss": loss.item(),
            "gradient": [float(f"{x:.10g}") for x in logits.grad.flatten().tolist()]}


def smoothed_tokens():
    """Transformers' LabelSmoother over tokens of which the first three are not learned."""
    index = torch.arange(ROWS * CLASSES, dtype=torch.float64)
    logits = (2 * torch.sin(0.37 * index + 0.3)).reshape(1, ROWS, CLASSES).requires_grad_()
    labels = torch.tensor([[-100, -100, -100] + LABELS[3:]])
    loss = LabelSmoother(epsilon=0.2)({"logits": logits}, labels)
    loss.backward()
    # Both sums of it have single precision.
    return {"first": 3, "smoothing": 0.2, "loss": loss.item(),
            "gradient": [float(f"{x:.10g}") for x in logits.grad.flatten().tolist()]}


# name: settings, weights of the two classes; a language model has neither classes nor weights.
STEPS = {
    "weighted": ({"label_smoothing": 0.1}, [0.5, 2.0], ["bert", "llama-classes"]),
    "focal": ({"focal_gamma": 2}, [0.5, 2.0], ["bert", "llama-classes"]),
    "smoothed": ({"label_smoothing": 0.1}, None, ["gpt2", "llama3"]),
}


def batch_loss(model, classes, settings, weights):
    logits, labels = [], []
    for number, ids in enumerate(sequences(61)):
        own = model(torch.tensor([ids])).logits
        logits.append(own if classes else own[0, :-1])
        labels += [number % classes] if classes else ids[1:]
    weights = None if weights is None else torch.tensor(weights)
    return criterion(settings, weights)(torch.cat(logits), torch.tensor(labels))


def ten_steps(case, settings, weights):
    torch.manual_seed(3)
    model, classes = model_of(case)
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(named.values(), lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = batch_loss(model, classes, settings, weights)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    own = sorted(name for name in named if not name.startswith(HEADS))
    return {"trained": own, "values": sum(named[n].numel() for n in own), "losses": losses, "norms": norms}


def main():
    torch.set_num_threads(1)
    found = {"labels": LABELS, "weights": WEIGHTS, "cases": [value(*case) for case in CASES],
             "tokens": smoothed_tokens()}
    assert all(math.isfinite(case["loss"]) for case in found["cases"])
    with open(os.path.join(os.path.dirname(FOLDER), "losses.json"), "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")
    for name, (settings, weights, cases) in STEPS.items():
        with open(os.path.join(FOLDER, f"loss-{name}.json"), "w") as file:
            json.dump({case: ten_steps(case, settings, weights) for case in cases}, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
