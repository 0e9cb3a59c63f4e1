"""Losses of preferences by the formulas of TRL's DPOTrainer, and ten steps under each over the tiny LLaMA.

    python make_preferences.py

Writes fixtures/writing/preferences.json: costs and slopes of differences of log-probabilities, in double precision; and
losses, norms, rewards and margins of ten steps of full tuning and LoRA over pairs of answers, whose tokens are words'
numbers as in make_writing.py. The reference is the model before its first step.
"""
import json
import os

import torch
from make_writing import BOS, EOS, FOLDER, loaded, words

PAIRS = [
    {"prompt": "what is a boat", "chosen": "it floats on water", "rejected": "a word"},
    {"prompt": "say hello to the town", "chosen": "good day", "rejected": "good night to nobody at all"},
    {"prompt": "which colour has the sky", "chosen": "blue", "rejected": "it has none"},
]
LOSSES = {
    "sigmoid": {"beta": 0.1}, "sigmoid smoothed": {"beta": 0.3, "label_smoothing": 0.1}, "hinge": {"beta": 0.5},
    "ipo": {"beta": 0.2}, "ipo summed": {"beta": 0.2, "average_tokens": False},
    "robust": {"beta": 0.1, "label_smoothing": 0.2},
}


def cost(kind, settings, difference):
    beta, wrong = settings["beta"], settings.get("label_smoothing", 0.0)
    log = torch.nn.functional.logsigmoid
    if kind == "sigmoid":
        return -log(beta * difference) * (1 - wrong) - log(-beta * difference) * wrong
    if kind == "robust":
        return (-log(beta * difference) * (1 - wrong) + log(-beta * difference) * wrong) / (1 - 2 * wrong)
    if kind == "hinge":
        return torch.relu(1 - beta * difference)
    return (difference - 1 / (2 * beta)) ** 2


def answered(pair, answer):
    """Alpaca's prompt without an input."""
    prompt = ("Below is an instruction that describes a task. Write a response that appropriately completes the request."
              f"\n\n### Instruction:\n{pair['prompt']}\n\n### Response:")
    read, said = [BOS] + words(prompt), words(pair[answer]) + [EOS]
    return read + said, len(read)


def log_probability(model, ids, start, is_averaged):
    logits = model(torch.tensor([ids])).logits[0]
    own = torch.log_softmax(logits[start - 1:-1], -1).gather(1, torch.tensor(ids[start:])[:, None])
    return own.mean() if is_averaged else own.sum()


def steps(name, lora):
    kind, settings = name.split()[0], LOSSES[name]
    is_averaged = kind == "ipo" and settings.get("average_tokens", True)
    model = loaded(lora)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2 if lora else 1e-3, weight_decay=0.01)
    rows = {answer: [answered(pair, answer) for pair in PAIRS] for answer in ("chosen", "rejected")}
    found = {"losses": [], "norms": [], "chosen": [], "rejected": [], "accuracies": []}
    reference = None
    for _ in range(10):
        optimizer.zero_grad()
        own = {answer: torch.stack([log_probability(model, *row, is_averaged) for row in rows[answer]]) for answer in rows}
        reference = reference or {answer: value.detach().clone() for answer, value in own.items()}
        gains = {answer: own[answer] - reference[answer] for answer in own}
        loss = cost(kind, settings, gains["chosen"] - gains["rejected"]).mean()
        loss.backward()
        found["norms"].append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        found["losses"].append(loss.item())
        found["chosen"].append((settings["beta"] * gains["chosen"]).mean().item())
        found["rejected"].append((settings["beta"] * gains["rejected"]).mean().item())
        found["accuracies"].append((gains["chosen"] > gains["rejected"]).double().mean().item())
    return found


def values(name):
    found = []
    for difference in [-80.0, -7.5, -1.0, 0.0, 0.3, 2.0, 5.0, 11.0, 900.0]:
        delta = torch.tensor(difference, dtype=torch.float64, requires_grad=True)
        loss = cost(name.split()[0], LOSSES[name], delta)
        loss.backward()
        found.append([difference, loss.item(), delta.grad.item()])
    return found


def main():
    torch.set_num_threads(1)
    cases = {name: {"settings": settings, "values": values(name), "full": steps(name, False), "lora": steps(name, True)}
             for name, settings in LOSSES.items()}
    with open(os.path.join(FOLDER, "preferences.json"), "w") as file:
        json.dump({"pairs": PAIRS, "cases": cases}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
