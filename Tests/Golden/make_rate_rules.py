"""Rates that fastai's rules find in scripted curves of losses.

    python make_rate_rules.py

fastai's packages are not needed: `LRFinder`, `AvgSmoothLoss`, `valley`, `steep` and `minimum` (fastai/callback/schedule.py,
fastai/learner.py) are written down here once more with NumPy, statement by statement. Writes fixtures/rate-rules.json: for
each curve its losses, how many were used and why it ended, the smoothed ones, and what each rule finds.
"""
import json
import os

import numpy

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "rate-rules.json")
START, END = 1e-7, 10.0


def rates(steps):
    """SchedExp at train_iter / num_it."""
    return [START * (END / START) ** (step / steps) for step in range(steps)]


def smoothed(losses, beta=0.98):
    """AvgSmoothLoss: torch.lerp(loss, value, beta), divided by 1 - beta ** count."""
    value, means = 0.0, []
    for count, loss in enumerate(losses, 1):
        value = loss + beta * (value - loss)
        means.append(value / (1 - beta**count))
    return means


def unlearned(losses, steps):
    """Ours, and not fastai's: five losses on average above those of the beginning, after a quarter of that."""
    first = max(5, steps // 10)
    means = [sum(losses[place - 5 : place]) / 5 for place in range(first + 1, len(losses) + 1)]
    return bool(means) and means[-1] > 4 * min(means) and means[-1] > sum(losses[:first]) / first


def used(losses, steps):
    """LRFinder.after_batch: how many losses are looked at, and why no more are."""
    best = float("inf")
    for count, mean in enumerate(smoothed(losses), 1):
        best = min(best, mean)
        if mean > 4 * best:
            return count, "rose"
        if unlearned(losses[:count], steps):
            return count, "unlearned"
        if count >= steps:
            return count, "whole"
    return len(losses), "notFinite"


def valley(rates, losses):
    n = len(losses)
    max_start, max_end = 0, 0
    lds = [1] * n
    for i in range(1, n):
        for j in range(0, i):
            if losses[i] < losses[j] and lds[i] < lds[j] + 1:
                lds[i] = lds[j] + 1
            if lds[max_end] < lds[i]:
                max_end = i
                max_start = max_end - lds[max_end]
    sections = (max_end - max_start) / 3
    return rates[max_start + int(sections) + int(sections / 2)]


def steep(rates, losses):
    rates, losses = numpy.array(rates), numpy.array(losses)
    slopes = (losses[1:] - losses[:-1]) / (numpy.log(rates[1:]) - numpy.log(rates[:-1]))
    return float(rates[slopes.argmin()])


def minimum(rates, losses):
    return float(rates[int(numpy.argmin(losses))]) / 10


def descent(steps, *, lowest, width, blow, noise, seed, level=0.7):
    """Flat, down around `lowest`, and up from `blow` on."""
    random = numpy.random.default_rng(seed)
    places = numpy.log10(rates(steps))
    fall = level / (1 + numpy.exp((places - lowest) / width))
    rise = numpy.exp(numpy.clip((places - blow) * 4, -50, 12))
    return 0.05 + fall + rise + noise * random.standard_normal(steps)


CURVES = {
    "usual": dict(steps=100, lowest=-3.5, width=0.4, blow=-1.0, noise=0.0, seed=1),
    "noisy": dict(steps=100, lowest=-3.0, width=0.5, blow=-1.2, noise=0.06, seed=2),
    "gentle": dict(steps=200, lowest=-2.5, width=0.8, blow=0.2, noise=0.02, seed=3),
    "early": dict(steps=60, lowest=-4.5, width=0.3, blow=-3.0, noise=0.01, seed=4),
    "never": dict(steps=40, lowest=-2.0, width=0.6, blow=9.0, noise=0.03, seed=5),
    "wild": dict(steps=100, lowest=-3.0, width=0.5, blow=0.0, noise=0.3, seed=6),
}


def lost(steps, seed):
    """Few hard texts among easy ones: most losses fall to nothing, and then some are large."""
    random = numpy.random.default_rng(seed)
    places = numpy.log10(rates(steps))
    calm = 0.001 + 0.72 / (1 + numpy.exp((places + 2.8) / 0.12)) + 0.02 * random.random(steps)
    hard = (places > -2.2) * (random.random(steps) < 0.5) * random.exponential(1.5, steps)
    return calm + hard


def main():
    cases = {}
    for name, settings in CURVES.items():
        steps = settings["steps"]
        losses = descent(**settings).tolist()
        count, ending = used(losses, steps)
        means = smoothed(losses)[:count]
        tried = rates(steps)[:count]
        judged = slice(steps // 10, -5)
        found = {rule.__name__: rule(tried[judged], means[judged]) for rule in (valley, steep, minimum)}
        cases[name] = {
            "steps": steps, "losses": losses, "used": count, "end": ending, "smoothed": means, **found,
        }
    burst = [0.7 - 0.001 * step for step in range(60)] + [1e4]
    for name, losses in {"lost": lost(100, 3).tolist(), "burst": burst}.items():
        count, ending = used(losses, 100)
        means, tried = smoothed(losses)[:count], rates(100)[:count]
        cases[name] = {
            "steps": 100, "losses": losses, "used": count, "end": ending, "smoothed": means,
            **{rule.__name__: rule(tried[10:-5], means[10:-5]) for rule in (valley, steep, minimum)},
        }
    # A loss that is no number after so many.
    losses = descent(**CURVES["usual"])[:50].tolist()
    means, tried = smoothed(losses), rates(100)[:50]
    cases["broken"] = {
        "steps": 100, "losses": losses, "used": 50, "end": "notFinite", "smoothed": means,
        **{rule.__name__: rule(tried[10:-5], means[10:-5]) for rule in (valley, steep, minimum)},
    }
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")
    for name, case in cases.items():
        print(name, case["used"], case["end"], *(f"{case[rule]:.3g}" for rule in ("valley", "steep", "minimum")))


if __name__ == "__main__":
    main()
