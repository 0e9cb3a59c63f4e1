"""Twenty steps of transformers.optimization.Adafactor, over the values and gradients of make_optimizers.py, which are
matrices here too.

    python make_adafactor.py

Writes fixtures/optimizers/adafactor.json: for each case its settings in our words, the second group's rate, in which
steps that group rests, and all values after each step. PyTorch has an Adafactor of its own, which computes otherwise.
"""
import json
import os

import torch
from make_optimizers import CLIP, FOLDER, LR, STEPS, sines
from transformers.optimization import Adafactor

# Shapes of each parameter, by group; the second group does not decay.
SHAPES = [[[4, 3], [5]], [[7], [2, 2, 3]]]
RESTING = [1, 2, 5, 9, 10, 11, 17]

# In the files numbers stand for flags. A group's rate means nothing to steps of their own size.
CASES = [
    ({}, 4.0, []),
    ({"beta1": 0.9, "weight_decay": 0.1, "clip_threshold": 0.5, "decay_rate": -0.5, "epsilon1": 1e-4}, 4.0, []),
    ({"scale_parameter": 1, "epsilon2": 0.4, "weight_decay": 0.5}, 4.0, RESTING),
    ({"relative_step": 1, "scale_parameter": 1, "weight_decay": 0.5}, 1.0, []),
    ({"relative_step": 1, "warmup_init": 1, "beta1": 0.5}, 1.0, RESTING),
]


def adafactor(groups, settings, rates):
    own = {"scale_parameter": False, "relative_step": False}
    for name, value in settings.items():
        own[name] = bool(value) if name in ("scale_parameter", "relative_step", "warmup_init") else value
    own["eps"] = (own.pop("epsilon1", 1e-30), own.pop("epsilon2", 1e-3))
    decay = own.pop("weight_decay", 0.0)
    if own["relative_step"]:
        rates = [None for _ in rates]
    return Adafactor(
        [{"params": group, "lr": rate, "weight_decay": decay if number == 0 else 0.0}
         for number, (group, rate) in enumerate(zip(groups, rates))], lr=rates[0], **own)


def steps(settings, rate, resting):
    groups = [[torch.nn.Parameter(sines(torch.Size(shape).numel(), 0.5, 2.0 * place + group).reshape(shape))
               for place, shape in enumerate(shapes)] for group, shapes in enumerate(SHAPES)]
    optimizer = adafactor(groups, settings, [LR, LR * rate])
    every = [parameter for own in groups for parameter in own]
    result = []
    for step in range(STEPS):
        for number, parameter in enumerate(every):
            gradient = sines(parameter.numel(), 0.1 + 0.4 * (step % 3), number + 1.7 * step)
            parameter.grad = gradient.reshape(parameter.shape)
        if step in resting:
            for parameter in groups[1]:
                parameter.grad = None
        torch.nn.utils.clip_grad_norm_(every, CLIP)
        optimizer.step()
        result.append([float(f"{value:.9g}") for parameter in every for value in parameter.flatten().tolist()])
    return result


if __name__ == "__main__":
    torch.set_num_threads(1)
    found = [{"settings": settings, "rate": rate, "resting": resting, "steps": steps(settings, rate, resting)}
             for settings, rate, resting in CASES]
    with open(os.path.join(FOLDER, "adafactor.json"), "w") as file:
        json.dump({"lr": LR, "clip": CLIP, "shapes": SHAPES, "cases": found}, file)
        file.write("\n")
