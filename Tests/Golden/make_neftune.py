"""Golden steps with NEFTune: ten steps of AdamW in PyTorch over the tiny models, everything trained, with Transformers'
own hook, to which the numbers that Lorikeet draws are given in the place of PyTorch's.

    python make_neftune.py

Writes fixtures/weights/neftune.json, as make_weights.py does. Each text is a batch of its own, without padding.
"""
import json
import math
import os

import torch
from make_dropout import BITS, GAMMA, SEED, mix, mix32
from make_weights import FOLDER, HEADS, CounterRandom, loss, model_of
from transformers.integrations.neftune import activate_neftune

ALPHA = 15.0


class Noise:
    """What is drawn, by step, text and token, as Noise.swift and dropout.c have it."""

    def __init__(self, model):
        self.step, self.sequence = 0, -1
        model.register_forward_pre_hook(self.begin_sequence)

    def begin_sequence(self, *_):
        self.sequence += 1

    def salt(self):
        site = CounterRandom(0, "neftune", 0)
        number = mix((site.key + GAMMA) & BITS)
        return mix((mix(SEED ^ mix(self.step)) + number) & BITS) & 0xFFFFFFFF

    def uniform(self, x, low, high):
        assert low == -high and x.shape[0] == 1
        salt, rows = self.salt(), []
        for token in range(x.shape[1]):
            key = mix((self.sequence % 3 * GAMMA + token) & BITS) & 0xFFFFFFFF
            key = mix32(key ^ salt)
            drawn = [mix32((key + i * 0x9E3779B9) & 0xFFFFFFFF) for i in range(x.shape[2])]
            rows.append([(number - (number >> 31 << 32)) * 2.0**-31 for number in drawn])
        return torch.tensor([rows]) * high


def ten_steps(case):
    model, classes = model_of(case)
    noise = Noise(model)
    activate_neftune(model, ALPHA)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    model.set_attn_implementation("eager")
    for name in ("attention_probs_dropout_prob", "attn_pdrop", "attention_dropout"):
        if hasattr(model.config, name):
            setattr(model.config, name, 0.0)
    for module in model.modules():
        if isinstance(getattr(module, "attention_dropout", None), float):
            module.attention_dropout = 0.0
    model.train()
    torch.Tensor.uniform_ = lambda x, low=0, high=1: noise.uniform(x, low, high)
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(named.values(), lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for step in range(10):
        optimizer.zero_grad()
        noise.step = step
        value = loss(model, classes)
        value.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(named.values(), 1.0).item())
        optimizer.step()
        losses.append(value.item())
    assert all(math.isfinite(x) for x in losses)
    own = sorted(n for n in named if not n.startswith(HEADS))
    return {"trained": own, "values": sum(named[n].numel() for n in own), "losses": losses, "norms": norms}


def main():
    torch.set_num_threads(1)
    original = torch.Tensor.uniform_
    found = {}
    for case in ["bert", "gpt2", "llama", "llama-classes"]:
        torch.Tensor.uniform_ = original
        found[case] = ten_steps(case)
    with open(os.path.join(FOLDER, "neftune.json"), "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
