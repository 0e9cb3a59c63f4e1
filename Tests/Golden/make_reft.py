"""Golden representation finetuning: pyreft's own interventions, in single precision, on what the blocks of the tiny
models of make_models.py and make_peft.py give.

    python make_reft.py

Writes fixtures/reft/NAME: the interventions in Lorikeet's folder (pyreft's names of modules, pyreft's words for
settings), and in golden.st the logits with them and the gradient of each tensor. steps.json: ten steps of AdamW of
NoReFT as it is; of LoReFT with its directions as a plain matrix that torch's QR brings back after each step, since
pyreft trains them as Householder vectors, whose steps are others. Positions are those of pyreft's
get_intervention_locations. Everything is seeded.
"""
import importlib.machinery
import importlib.util
import json
import os
import shutil
import sys
from unittest import mock

import torch
import transformers

# pyreft's interventions need nothing of what else it and pyvene can do: plots, tables, data sets.
for name in ("matplotlib", "matplotlib.pyplot", "pandas", "datasets"):
    if name.split(".")[0] in sys.modules or importlib.util.find_spec(name.split(".")[0]) is None:
        sys.modules.setdefault(name, mock.MagicMock(__spec__=importlib.machinery.ModuleSpec(name, None)))

from pyreft import DireftIntervention, LoreftIntervention, NoreftIntervention
from pyreft.dataset import get_intervention_locations
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from make_models import HERE as MODELS
from make_models import formula, sequences
from make_peft import BERT

FOLDER = os.path.join(os.path.dirname(MODELS), "reft")
CLASSES = {"loreft": LoreftIntervention, "direft": DireftIntervention, "noreft": NoreftIntervention}

# name: base model, classes (None: a language model), kind, rank, position, layers, share_weights, add_bias
ADAPTERS = {
    "bert-loreft": (BERT, 2, "loreft", 3, "f2+l1", [0, 1], False, False),
    "bert-direft": (BERT, 2, "direft", 2, "f3+l3", [1], True, False),
    "bert-noreft": (BERT, 2, "noreft", 2, "f2+l2", [0, 1], True, False),
    "gpt2-loreft": ("gpt2", None, "loreft", 2, "f3+l2", [0, 1], False, False),
    "gpt2-direft": ("gpt2", None, "direft", 4, "l2", [0, 1], False, False),
    "llama-loreft": ("llama", None, "loreft", 1, "f1+l1", [1], True, False),
    "llama-direft": ("llama", None, "direft", 2, "f1+l1", [0, 1], False, False),
    "llama-noreft": ("llama", None, "noreft", 2, "f3+l2", [0, 1], False, True),
}
# Tokens of an answer, which no intervention sees, where the model writes.
ANSWER = 2


def blocks_of(model):
    if hasattr(model, "bert"):
        return model.bert.encoder.layer
    return model.transformer.h if hasattr(model, "transformer") else model.model.layers


class Retracted(torch.nn.Module):
    """LoReFT with its directions as a plain matrix."""

    def __init__(self, own):
        super().__init__()
        self.rotate_layer = torch.nn.Parameter(own.rotate_layer.weight.detach().clone())
        self.learned_source = own.learned_source

    def forward(self, h):
        return h + (self.learned_source(h) - h @ self.rotate_layer) @ self.rotate_layer.T

    def retract(self):
        with torch.no_grad():
            q, r = torch.linalg.qr(self.rotate_layer.double())
            self.rotate_layer.copy_((q * torch.sign(torch.diagonal(r))).float())


class Tuned:
    """A base with interventions at its blocks' outputs."""

    def __init__(self, name):
        base, self.classes, self.kind, rank, self.position, self.layers, self.share, bias = ADAPTERS[name]
        path = base if os.path.isabs(base) else os.path.join(MODELS, base)
        if self.classes:
            self.model = AutoModelForSequenceClassification.from_pretrained(path, num_labels=self.classes)
            formula(self.model.classifier.weight, 0.2, 0.5)
            formula(self.model.classifier.bias, 0.0, 0.0)
        else:
            self.model = AutoModelForCausalLM.from_pretrained(path)
        self.model.requires_grad_(False)
        if self.classes:
            self.model.classifier.requires_grad_(True)
        ends = 2 if "+" in self.position and not self.share else 1
        # As pyreft's own program has them: the first ends of all layers, then the last ones.
        self.places = [(layer, end) for end in range(ends) for layer in self.layers]
        torch.manual_seed(len(name))
        self.own = {
            place: CLASSES[self.kind](
                embed_dim=24, low_rank_dimension=rank, dtype=torch.float32, add_bias=bias) for place in self.places}
        self.locations = None
        for layer, block in enumerate(blocks_of(self.model)):
            block.register_forward_hook(lambda module, inputs, output, layer=layer: self.moved(layer, output))

    def moved(self, layer, output):
        h = output[0] if isinstance(output, tuple) else output
        for number, place in enumerate(self.places):
            # -1 is a place that only fills a batch up.
            rows = [row for row in self.locations[number] if row >= 0]
            if place[0] == layer and rows:
                h = h.index_copy(1, torch.tensor(rows), self.own[place](h[:, rows]))
        return (h, *output[1:]) if isinstance(output, tuple) else h

    def logits(self, ids):
        prompt = len(ids) - (0 if self.classes else ANSWER)
        self.locations = get_intervention_locations(
            last_position=prompt, positions=self.position, num_interventions=len(self.places),
            share_weights=self.share)
        return self.model(torch.tensor([ids])).logits[0]

    def loss(self):
        total, terms = 0.0, 0
        for index, ids in enumerate(sequences(61)):
            logits = self.logits(ids)
            if self.classes:
                logits, wanted = logits[None], torch.tensor([index % self.classes])
            else:
                logits, wanted = logits[:-1], torch.tensor(ids[1:])
            total = total + torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
            terms += len(wanted)
        return total / terms

    def tensors(self):
        """What is trained, by the names that Lorikeet's files have."""
        found = {}
        for (layer, end), own in self.own.items():
            key = f"layer_{layer}_comp_block_output_unit_pos_nunit_1#{end}."
            if self.kind == "noreft":
                found |= {key + "proj_layer." + n: p for n, p in own.proj_layer.named_parameters()}
            else:
                found[key + "rotate_layer"] = own.rotate_layer.weight if not isinstance(own, Retracted) else own.rotate_layer
            found |= {key + "learned_source." + n: p for n, p in own.learned_source.named_parameters()}
        if self.classes:
            found |= {"model." + n: p for n, p in self.model.named_parameters() if p.requires_grad}
        return found


def write(name):
    tuned = Tuned(name)
    folder = os.path.join(FOLDER, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    # Within it a parametrised weight is one tensor, of which a gradient can be asked.
    with torch.nn.utils.parametrize.cached():
        tensors = tuned.tensors()
        gradients = torch.autograd.grad(tuned.loss(), list(tensors.values()))
    golden = dict(zip(tensors, (g.contiguous() for g in gradients)))
    with torch.no_grad():
        rows = [tuned.logits(ids) for ids in sequences(61)]
    golden["logits"] = torch.stack(rows) if tuned.classes else torch.cat(rows)
    save_file(golden, os.path.join(folder, "golden.st"))
    save_file({n: t.detach().contiguous() for n, t in tensors.items()}, os.path.join(folder, "reft_model.safetensors"))
    base, _, kind, rank, position, layers, share, bias = ADAPTERS[name]
    config = {
        "act_fn": None, "add_bias": bias, "base_model_name_or_path": os.path.basename(base),
        "component": "block_output", "dropout": 0.0, "intervention_type": CLASSES[kind].__name__,
        "layers": ";".join(map(str, layers)), "position": position, "rank": rank, "share_weights": share}
    with open(os.path.join(folder, "reft_config.json"), "w") as file:
        json.dump(config, file, indent=2)
        file.write("\n")


def ten_steps(name):
    tuned = Tuned(name)
    if tuned.kind == "loreft":
        tuned.own = {place: Retracted(own) for place, own in tuned.own.items()}
    trained = list(tuned.tensors().values())
    turned = [p for n, p in tuned.tensors().items() if n.endswith("rotate_layer")]
    others = [p for n, p in tuned.tensors().items() if not n.endswith("rotate_layer")]
    optimizer = torch.optim.AdamW(
        [{"params": others}, {"params": turned, "weight_decay": 0.0}], lr=1e-2, weight_decay=0.01)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = tuned.loss()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if tuned.kind == "loreft":
            for own in tuned.own.values():
                own.retract()
    own = sum(p.numel() for n, p in tuned.tensors().items() if not n.startswith("model."))
    return {"losses": losses, "trained": own}


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    for name in ADAPTERS:
        write(name)
    steps = {name: ten_steps(name) for name in ADAPTERS if "direft" not in name}
    with open(os.path.join(FOLDER, "steps.json"), "w") as file:
        json.dump(steps, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
