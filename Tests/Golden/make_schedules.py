"""Factors of Transformers' and PyTorch's schedules, and of publications' formulas where neither has them.

    python make_schedules.py

Writes fixtures/schedules.json: for each case the schedule and its settings in our words, the warmup, the steps of the
run, and the factor of the rate at each.
"""
import json
import math
import os
import warnings

import torch
import transformers

warnings.filterwarnings("ignore")
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "schedules.json")
TOTAL, LR = 23, 2e-3


def made(make):
    """The factors that a scheduler gives a rate of LR."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=LR)
    scheduler = make(optimizer)
    factors = []
    for _ in range(TOTAL):
        factors.append(optimizer.param_groups[0]["lr"] / LR)
        optimizer.step()
        scheduler.step()
    return factors


def one_cycle(start, div, final):
    """fastai's combine_scheds of two SchedCos, asked with the share of the steps that is done."""
    def wave(begin, end, place):
        return begin + (1 + math.cos(math.pi * (1 - place))) * (end - begin) / 2
    shares = [step / TOTAL for step in range(TOTAL)]
    return [wave(1 / div, 1, share / start) if share < start else wave(1, 1 / final, (share - start) / (1 - start))
            for share in shares]


def slanted(fraction, ratio, total=20):
    """Howard & Ruder 2018, equation 3, where cut_frac · T is whole."""
    cut = math.floor(total * fraction)
    rise = [step / cut if step < cut else 1 - (step - cut) / (cut * (1 / fraction - 1)) for step in range(total)]
    return [(1 + share * (ratio - 1)) / ratio for share in rise]


optimization = transformers.optimization
CASES = [
    ("cosine", {}, 5, made(lambda o: optimization.get_cosine_schedule_with_warmup(o, 5, TOTAL))),
    ("cosine", {"num_cycles": 1.5}, 0, made(lambda o: optimization.get_cosine_schedule_with_warmup(o, 0, TOTAL, 1.5))),
    ("cosine_with_restarts", {}, 4,
     made(lambda o: optimization.get_cosine_with_hard_restarts_schedule_with_warmup(o, 4, TOTAL))),
    ("cosine_with_restarts", {"num_cycles": 3}, 2,
     made(lambda o: optimization.get_cosine_with_hard_restarts_schedule_with_warmup(o, 2, TOTAL, 3))),
    ("inverse_sqrt", {}, 0, made(lambda o: optimization.get_inverse_sqrt_schedule(o, 0))),
    ("inverse_sqrt", {}, 6, made(lambda o: optimization.get_inverse_sqrt_schedule(o, 6))),
    ("inverse_sqrt", {"timescale": 9}, 3, made(lambda o: optimization.get_inverse_sqrt_schedule(o, 3, 9))),
    ("step", {"step_size": 4}, 0, made(lambda o: torch.optim.lr_scheduler.StepLR(o, 4))),
    ("step", {"step_size": 7, "gamma": 0.5}, 0, made(lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.5))),
    ("one_cycle", {}, 0, one_cycle(0.25, 25, 1e5)),
    ("one_cycle", {"pct_start": 0.4, "div": 10, "div_final": 100}, 0, one_cycle(0.4, 10, 100)),
    ("slanted_triangular", {}, 0, slanted(0.1, 32)),
    ("slanted_triangular", {"cut_frac": 0.25, "ratio": 10}, 0, slanted(0.25, 10)),
]

if __name__ == "__main__":
    cases = [{"schedule": name, "settings": settings, "warmup": warmup, "factors": factors}
             for name, settings, warmup, factors in CASES]
    with open(FILE, "w") as file:
        json.dump({"lr": LR, "cases": cases}, file)
        file.write("\n")
