"""Golden steps with dropout of the base: ten steps of AdamW in PyTorch over the tiny models of make_models.py and
make_peft.py, everything trained, with the masks that Lorikeet draws in the place of PyTorch's.

    python make_dropout.py

Writes fixtures/weights/dropout.json, as make_weights.py does. Transformers decides where dropout stands, and with
which chance; LLaMA's hidden states have none there.
"""
import json
import os
import re

import torch
from make_weights import FOLDER, HEADS, CounterRandom, loss, model_of

HIDDEN, ATTENTION, HEAD, SEED = 0.3, 0.2, 0.25, 42
BITS, GAMMA = CounterRandom.BITS, CounterRandom.GAMMA
PLACES = [
    (r".*embeddings\.dropout$|transformer\.drop$", "embeddings"),
    (r".*\.(\d+)\.(?:attention\.output\.dropout|attn\.resid_dropout)$", "block.{}.attention.output"),
    (r".*\.(\d+)\.(?:output\.dropout|mlp\.dropout)$", "block.{}.output"),
    (r"dropout$", "head.dropout"),
]


def mix(value):
    z = (value + GAMMA) & BITS
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & BITS
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & BITS
    return z ^ (z >> 31)


def mix32(x):
    x ^= x >> 16
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> 15
    x = x * 0x846CA68B & 0xFFFFFFFF
    return x ^ (x >> 16)


class Masks:
    """What dropout keeps, by step, place, sequence and token, as Dropout.swift and dropout.c have it."""

    def __init__(self, model):
        self.step, self.sequence, self.place, self.block = 0, -1, None, None
        model.register_forward_pre_hook(self.begin_sequence)
        for name, module in model.named_modules():
            for pattern, place in PLACES:
                if isinstance(module, torch.nn.Dropout) and (found := re.match(pattern, name)):
                    module.p = HEAD if place == "head.dropout" else HIDDEN
                    module.register_forward_pre_hook(self.entering(place=place.format(*found.groups())))
            if type(module).__name__ in ("BertSelfAttention", "GPT2Attention", "LlamaAttention"):
                block = re.search(r"\.(\d+)\.", name).group(1)
                module.register_forward_pre_hook(self.entering(block=block))
                for key in ("dropout", "attn_dropout"):
                    if hasattr(module, key):
                        getattr(module, key).p = ATTENTION
                if hasattr(module, "attention_dropout"):
                    module.attention_dropout = ATTENTION

    def begin_sequence(self, *_):
        self.sequence += 1

    def entering(self, **where):
        return lambda *_: self.__dict__.update(where)

    def salt(self, place):
        site = CounterRandom(0, place, 0)
        number = mix((site.key + GAMMA) & BITS)
        return mix((mix(SEED ^ mix(self.step)) + number) & BITS) & 0xFFFFFFFF

    def kept(self, tokens, salt, p, columns):
        p = torch.tensor(p).item()
        threshold = int(p * 4294967295.0)
        rows = []
        for token in tokens:
            key = mix((self.sequence % 3 * GAMMA + token) & BITS) & 0xFFFFFFFF
            key = mix32(key ^ salt)
            rows.append([0.0 if mix32((key + i * 0x9E3779B9) & 0xFFFFFFFF) < threshold else 1 / (1 - p)
                         for i in range(columns)])
        return torch.tensor(rows)

    def dropout(self, x, p=0.5, training=True, inplace=False):
        if not training or p == 0:
            return x
        if x.dim() == 4:
            salt = self.salt(f"block.{self.block}.attention")
            masks = [self.kept(range(x.shape[2]), mix(salt << 32 | head) & 0xFFFFFFFF, p, x.shape[3])
                     for head in range(x.shape[1])]
            return x * torch.stack(masks)[None]
        return x * self.kept(range(x.shape[-2]), self.salt(self.place), p, x.shape[-1])


def ten_steps(case):
    model, classes = model_of(case)
    model.set_attn_implementation("eager")
    masks = Masks(model)
    model.train()
    torch.nn.functional.dropout = masks.dropout
    # A classifier stands in the place of a language head, and the masked head of BERT is not trained.
    parameters = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(parameters.values(), lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for step in range(10):
        optimizer.zero_grad()
        masks.step = step
        value = loss(model, classes)
        value.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0).item())
        optimizer.step()
        losses.append(value.item())
    chosen = sorted(name for name in parameters if not name.startswith(HEADS))
    return {"trained": chosen, "values": sum(parameters[n].numel() for n in chosen), "losses": losses, "norms": norms}


def main():
    torch.set_num_threads(1)
    cases = ["bert", "gpt2", "llama", "gpt2-untied", "llama3"]
    with open(os.path.join(FOLDER, "dropout.json"), "w") as file:
        json.dump({case: ten_steps(case) for case in cases}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
