"""Twenty steps of PyTorch's optimizers: two groups with rates and decay of their own, gradients clipped.

    python make_optimizers.py

Writes fixtures/optimizers/NAME.json: for each case its settings in our words, and all values after each step.
Values and gradients are sines, which Tests/LearningTests/Optimizers/GoldenSteps.swift makes as well.
"""
import json
import math
import os

import torch

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "optimizers")
STEPS, LR, CLIP = 20, 0.01, 1.0
# Values of each parameter, by group; the second group has four times the rate and does not decay.
GROUPS, RATES = [[12, 5], [7]], [1.0, 4.0]

CASES = {
    "adamw": [
        (torch.optim.AdamW, {}, lambda decay: {"weight_decay": decay}),
        (torch.optim.AdamW, {"weight_decay": 0.1}, lambda decay: {"weight_decay": decay}),
        (torch.optim.AdamW, {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weight_decay": 0.5},
         lambda decay: {"betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": decay}),
    ],
    "sgd": [
        (torch.optim.SGD, {}, lambda decay: {}),
        (torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.1},
         lambda decay: {"momentum": 0.9, "weight_decay": decay}),
        (torch.optim.SGD, {"momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1},
         lambda decay: {"momentum": 0.8, "dampening": 0.3, "weight_decay": decay}),
        # In the files numbers stand for flags.
        (torch.optim.SGD, {"momentum": 0.9, "nesterov": 1, "weight_decay": 0.1},
         lambda decay: {"momentum": 0.9, "nesterov": True, "weight_decay": decay}),
    ],
}


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2; PyTorch has none."""

    def __init__(self, groups, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for parameter in group["params"]:
                mean = self.state[parameter].setdefault("mean", torch.zeros_like(parameter))
                direction = torch.sign(first * mean + (1 - first) * parameter.grad)
                parameter -= group["lr"] * (direction + group["weight_decay"] * parameter)
                mean.mul_(second).add_(parameter.grad, alpha=1 - second)


CASES |= {
    "adam": [
        (torch.optim.Adam, {}, lambda decay: {}),
        (torch.optim.Adam, {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weight_decay": 0.5},
         lambda decay: {"betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": decay}),
    ],
    "rmsprop": [
        (torch.optim.RMSprop, {}, lambda decay: {}),
        (torch.optim.RMSprop, {"rho": 0.9, "epsilon": 1e-4, "momentum": 0.5, "weight_decay": 0.1},
         lambda decay: {"alpha": 0.9, "eps": 1e-4, "momentum": 0.5, "weight_decay": decay}),
        (torch.optim.RMSprop, {"rho": 0.9, "centered": 1, "momentum": 0.9},
         lambda decay: {"alpha": 0.9, "centered": True, "momentum": 0.9}),
        (torch.optim.RMSprop, {"centered": 1, "weight_decay": 0.1},
         lambda decay: {"centered": True, "weight_decay": decay}),
    ],
    "lion": [
        (Lion, {}, lambda decay: {}),
        (Lion, {"beta1": 0.8, "beta2": 0.95, "weight_decay": 0.5},
         lambda decay: {"betas": (0.8, 0.95), "weight_decay": decay}),
    ],
}


def sines(count, scale, phase):
    return torch.tensor([scale * math.sin(0.37 * index + phase) for index in range(count)], dtype=torch.float64).float()


def steps(kind, settings, keywords):
    parameters = [[torch.nn.Parameter(sines(count, 0.5, 2.0 * place + group)) for place, count in enumerate(counts)]
                  for group, counts in enumerate(GROUPS)]
    decay = settings.get("weight_decay", 0.0)
    optimizer = kind([{"params": own, "lr": LR * rate, **keywords(decay if group == 0 else 0.0)}
                      for group, (own, rate) in enumerate(zip(parameters, RATES))])
    every = [parameter for own in parameters for parameter in own]
    result = []
    for step in range(STEPS):
        for number, parameter in enumerate(every):
            # Every third step's gradients are below the limit.
            parameter.grad = sines(parameter.numel(), 0.1 + 0.4 * (step % 3), number + 1.7 * step)
        torch.nn.utils.clip_grad_norm_(every, CLIP)
        optimizer.step()
        result.append([value for parameter in every for value in parameter.tolist()])
    return result


if __name__ == "__main__":
    torch.set_num_threads(1)
    os.makedirs(FOLDER, exist_ok=True)
    for name, cases in CASES.items():
        found = [{"settings": settings, "steps": steps(kind, settings, keywords)} for kind, settings, keywords in cases]
        with open(os.path.join(FOLDER, name + ".json"), "w") as file:
            json.dump({"lr": LR, "clip": CLIP, "cases": found}, file)
            file.write("\n")
