"""Where Transformers' EarlyStoppingCallback stops, and which evaluation its Trainer takes for the best, on scripted metrics.

    python make_early_stopping.py

Writes fixtures/early-stopping.json: for each script of metrics, patience and threshold the evaluation after which training
stops (null where it goes on) and the best one until then, both counted from 0.
"""
import json
import os
import random
from types import SimpleNamespace

from transformers import EarlyStoppingCallback, Trainer, TrainerControl, TrainerState

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = [
    ([0.9, 0.7, 0.6, 0.65, 0.66, 0.67, 0.5], False),
    ([0.5, 0.5, 0.5, 0.5], False),
    ([0.9, 0.89, 0.88, 0.87, 0.86, 0.85], False),
    ([1.0, 1.1, 0.9, 0.95, 0.8, 0.85, 0.84, 0.83], False),
    ([0.5, 0.6, 0.6, 0.7, 0.65, 0.69, 0.71], True),
    ([0.8, 0.7, 0.6], True),
    ([0.2, 0.21, 0.22, 0.23, 0.24, 0.3, 0.29], True),
]


def judged(metrics, greater, patience, threshold):
    args = SimpleNamespace(
        metric_for_best_model="figure", greater_is_better=greater, load_best_model_at_end=True, eval_strategy="epoch",
        save_strategy="epoch")
    callback = EarlyStoppingCallback(patience, threshold)
    state, control = TrainerState(), TrainerControl()
    trainer = SimpleNamespace(args=args, state=state)
    best = None
    for index, value in enumerate(metrics):
        state.global_step = index
        callback.on_evaluate(args, state, control, {"eval_figure": value})
        if Trainer._determine_best_metric(trainer, {"eval_figure": value}, None):
            best = index
        if control.should_training_stop:
            return index, best
    return None, best


def main():
    draw = random.Random(7)
    scripts = SCRIPTS + [([round(draw.random(), 2) for _ in range(12)], bool(index % 2)) for index in range(6)]
    cases = []
    for metrics, greater in scripts:
        for patience in (1, 2, 3):
            for threshold in (0.0, 0.015, 0.1):
                stop, best = judged(metrics, greater, patience, threshold)
                cases.append({
                    "metrics": metrics, "greater": greater, "patience": patience, "threshold": threshold, "stop": stop,
                    "best": best,
                })
    with open(os.path.join(HERE, "fixtures/early-stopping.json"), "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


main()
