"""Figures of classification by scikit-learn, of made-up probabilities with ties, rare classes and sure mistakes.

    pip install scikit-learn
    python make_class_figures.py

Writes fixtures/class-figures.json.
"""
import json
import os

import numpy as np
from sklearn import metrics

CASES = {"two": (2, 200), "two_small": (2, 7), "three": (3, 150), "five_rare": (5, 300)}


def drawn(classes, count, seed):
    draw = np.random.default_rng(seed)
    shares = np.linspace(1, 3, classes) ** 2
    truths = draw.choice(classes, size=count, p=shares / shares.sum())
    truths[:classes] = np.arange(classes)
    scores = draw.normal(size=(count, classes)) + 1.2 * np.eye(classes)[truths]
    scores = np.round(scores, 1)  # Ties.
    probabilities = np.round(np.exp(scores) / np.exp(scores).sum(1, keepdims=True), 6)
    return truths, probabilities


def figures(truths, probabilities):
    classes = probabilities.shape[1]
    hot = np.eye(classes)[truths]
    answers = probabilities.argmax(1)
    found = {
        "accuracy": metrics.accuracy_score(truths, answers),
        "balanced_accuracy": metrics.balanced_accuracy_score(truths, answers),
        "matthews": metrics.matthews_corrcoef(truths, answers),
        "log_loss": metrics.log_loss(truths, probabilities),
    }
    for average in ["macro", "weighted"]:
        found[f"{average}_precision"] = metrics.precision_score(truths, answers, average=average, zero_division=0)
        found[f"{average}_recall"] = metrics.recall_score(truths, answers, average=average, zero_division=0)
        found[f"{average}_f1"] = metrics.f1_score(truths, answers, average=average, zero_division=0)
    if classes == 2:
        found["auc"] = metrics.roc_auc_score(truths, probabilities[:, 1])
        found["average_precision"] = metrics.average_precision_score(truths, probabilities[:, 1])
        found["brier"] = metrics.brier_score_loss(truths, probabilities[:, 1])
    else:
        found["auc"] = metrics.roc_auc_score(truths, probabilities, multi_class="ovr", average="macro")
        found["weighted_auc"] = metrics.roc_auc_score(
            truths, probabilities, multi_class="ovr", average="weighted")
        found["average_precision"] = metrics.average_precision_score(hot, probabilities, average="macro")
        found["brier"] = ((probabilities - hot) ** 2).sum(1).mean()
    # Guo et al. 2017, ten bins of the answer's probability, by its formula.
    sure = probabilities.max(1)
    places = np.clip(np.ceil(sure * 10) - 1, 0, 9)
    found["calibration_error"] = sum(
        abs((answers == truths)[places == b].mean() - sure[places == b].mean()) * (places == b).mean()
        for b in range(10) if (places == b).any())
    return found


def main():
    golden = {}
    for seed, (name, (classes, count)) in enumerate(CASES.items()):
        truths, probabilities = drawn(classes, count, seed)
        golden[name] = {
            "truths": truths.tolist(), "probabilities": [[float(p) for p in row] for row in probabilities],
            "figures": {key: float(value) for key, value in figures(truths, probabilities).items()},
        }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "class-figures.json")
    with open(path, "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main()
