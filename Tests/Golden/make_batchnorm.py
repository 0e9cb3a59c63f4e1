"""Golden steps of a classifier with a batch norm before it: torch.nn.BatchNorm1d over the pooled vectors of the tiny
models of make_models.py and make_peft.py, everything trained.

    python make_batchnorm.py

Writes fixtures/weights/batchnorm.json: losses and norms of ten steps of AdamW in training, the running statistics
after them, and the logits in evaluation, before and after.
"""
import json
import os

import torch

from make_models import formula, sequences
from make_weights import FOLDER, model_of

CASES = ("bert", "llama-classes")


class Normed(torch.nn.Module):
    def __init__(self, case):
        super().__init__()
        self.model, self.classes = model_of(case)
        self.classifier = self.model.classifier if case == "bert" else self.model.score
        self.base = self.model.bert if case == "bert" else self.model.model
        self.norm = torch.nn.BatchNorm1d(24)
        formula(self.norm.weight, 0.4, 0.9)
        formula(self.norm.bias, 0.3, 0.2)

    def forward(self):
        rows = []
        for ids in sequences(61):
            out = self.base(torch.tensor([ids]))
            rows.append(out.pooler_output[0] if "pooler_output" in out and out.pooler_output is not None
                        else out.last_hidden_state[0, -1])
        return self.classifier(self.norm(torch.stack(rows)))


def ten_steps(case):
    torch.manual_seed(3)
    model = Normed(case)
    trained = list({id(p): p for p in [*model.base.parameters(), *model.classifier.parameters(),
                                       *model.norm.parameters()]}.values())
    optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0.01)
    labels = torch.tensor([index % model.classes for index in range(3)])

    def judged():
        model.eval()
        with torch.no_grad():
            return model().flatten().tolist()

    found = {"before": judged(), "losses": [], "norms": []}
    for _ in range(10):
        model.train()
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(), labels)
        loss.backward()
        found["norms"].append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        found["losses"].append(loss.item())
    found["after"] = judged()
    found["mean"], found["variance"] = model.norm.running_mean.tolist(), model.norm.running_var.tolist()
    return found


def main():
    torch.set_num_threads(1)
    with open(os.path.join(FOLDER, "batchnorm.json"), "w") as file:
        json.dump({case: ten_steps(case) for case in CASES}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
