"""Regression: figures by scipy and scikit-learn, ten steps of AdamW under Transformers' own loss of one label over the
tiny models of make_models.py and make_peft.py, and heads of one output as Transformers and PEFT save them.

    pip install scipy scikit-learn
    python make_regression.py

Writes fixtures/value-figures.json, fixtures/weights/regression.json and fixtures/regression/.
"""
import json
import os
import shutil

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from scipy import stats
from sklearn import metrics
from transformers import AutoModelForSequenceClassification

from make_models import HERE as MODELS
from make_models import formula, sequences
from make_peft import BERT, save
from make_weights import CASES, FOLDER, HEADS

VALUES = [0.5, -1.25, 3.0]
REGRESSION = os.path.join(os.path.dirname(MODELS), "regression")


def figures():
    draw = np.random.default_rng(3)
    found = []
    for count, digits in [(50, 6), (40, 0), (7, 1), (300, 2)]:
        truths = np.round(draw.normal(3, 1.5, count), digits)
        answers = np.round(0.7 * truths + draw.normal(0, 1, count), digits)
        found.append({
            "truths": truths.tolist(), "answers": answers.tolist(),
            "pearson": stats.pearsonr(answers, truths)[0], "spearman": stats.spearmanr(answers, truths)[0],
            "mse": metrics.mean_squared_error(truths, answers), "mae": metrics.mean_absolute_error(truths, answers),
            "r2": metrics.r2_score(truths, answers),
            "baseline": metrics.mean_squared_error(truths, np.full(count, truths.mean()))})
    return found


def model_of(path, **options):
    """A head of one label, which starts by a formula."""
    model = AutoModelForSequenceClassification.from_pretrained(path, num_labels=1, **options)
    assert model.config.problem_type in (None, "regression")
    for name, parameter in model.named_parameters():
        if name.startswith(HEADS):
            formula(parameter, 0.2 if name.endswith("weight") else 0.0, 0.5)
    return model


def ten_steps(case):
    torch.manual_seed(3)
    model = model_of(CASES[case][0])
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(named.values(), lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        # Transformers' own loss for one label.
        loss = sum(model(torch.tensor([ids]), labels=torch.tensor([value])).loss
                   for ids, value in zip(sequences(61), VALUES)) / 3
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    own = sorted(name for name in named if not name.startswith(HEADS))
    return {"trained": own, "values": sum(named[n].numel() for n in own), "losses": losses, "norms": norms}


def logits_of(model):
    with torch.no_grad():
        return torch.cat([model(input_ids=torch.tensor([ids])).logits[0] for ids in sequences(61)])


def write_models():
    """As Trainer leaves them: the kind of problem is noted once a loss was made."""
    for name, path in [("bert", BERT), ("llama", os.path.join(MODELS, "llama"))]:
        model = model_of(path, **({} if name == "bert" else {"pad_token_id": 0})).eval()
        model.config.problem_type = "regression"
        folder = os.path.join(REGRESSION, name)
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        save_file({"logits": logits_of(model).contiguous()}, os.path.join(folder, "golden.st"))


def write_adapter():
    torch.manual_seed(7)
    model = get_peft_model(model_of(BERT), LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=4, lora_dropout=0.0, target_modules=["query", "value"]))
    for index, (name, parameter) in enumerate(model.named_parameters()):
        if "lora_" in name:
            formula(parameter, 0.3, 0.1 * index)
    save(model.eval(), BERT, 1, os.path.join(REGRESSION, "bert-lora"))


def main():
    torch.set_num_threads(1)
    os.makedirs(REGRESSION, exist_ok=True)
    with open(os.path.join(os.path.dirname(FOLDER), "value-figures.json"), "w") as file:
        json.dump(figures(), file)
        file.write("\n")
    with open(os.path.join(FOLDER, "regression.json"), "w") as file:
        json.dump({case: ten_steps(case) for case in ["bert", "llama-classes"]}, file, indent=1)
        file.write("\n")
    write_models()
    write_adapter()


if __name__ == "__main__":
    main()
