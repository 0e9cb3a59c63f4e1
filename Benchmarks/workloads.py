"""Token sequences to measure with: seeded, of the lengths that real texts have, the same for both sides."""

import json
import random

# Lengths in tokens at 0, 5, 10 ... 100%: 3,000 film reviews and all of the SMS collection, WordPiece.
QUANTILES = {
    "imdb": (48, 94, 131, 150, 160, 171, 180, 192, 205, 221, 236, 254, 276, 308, 343, 385, 438, 520, 631, 832, 3127),
    "sms": (3, 8, 9, 10, 11, 12, 14, 15, 16, 18, 20, 22, 24, 28, 32, 36, 40, 44, 49, 55, 238),
}
LONGEST = 256
# Tokens of a prompt template's beginning, the same in every review a decoder reads.
PREFIX = {"imdb": 48, "sms": 0}
# Full batches to warm up on, to train on and to evaluate.
BATCHES = {"imdb": (1, 3, 3), "sms": (1, 8, 8)}

FAMILIES = {
    "bert": {"vocabulary": 30522, "first": 101, "last": 102, "ordinary": (1996, 29000)},
    "gpt2": {"vocabulary": 50257, "answers": (4633, 3967), "ordinary": (256, 50000)},
    "llama": {"vocabulary": 49152, "answers": (2430, 3270), "ordinary": (256, 49000)},
}


def draw_length(source, quantiles):
    """Inverse of the piecewise linear distribution function, cut as a tokenizer cuts."""
    place = source.random() * (len(quantiles) - 1)
    index = int(place)
    low, high = quantiles[index], quantiles[index + 1]
    return max(3, min(LONGEST, round(low + (place - index) * (high - low))))


def sequence(source, length, family, prefix):
    """One example: `ids` and its `label`; a decoder's last id is the answer."""
    low, high = family["ordinary"]
    label = source.randrange(2)
    # Frequent ids are frequent: the rank of a word is drawn from a power of a uniform number.
    body = [low + int((high - low) * source.random() ** 3) for _ in range(length)]
    if "answers" in family:
        ids = (prefix + body)[: length - 1] if length > len(prefix) + 1 else prefix + body[:2]
        return {"ids": ids + [family["answers"][label]], "label": label}
    return {"ids": [family["first"], *body[: length - 2], family["last"]], "label": label}


def workload(name, family_name, batch, batches=None, length=None, seed=1):
    """A whole workload as plain data; `length` gives every sequence that many tokens."""
    family = FAMILIES[family_name]
    source = random.Random(f"{seed} {name} {family_name}")
    low, high = family["ordinary"]
    shared = PREFIX.get(name, 0) if "answers" in family else 0
    prefix = [source.randrange(low, high) for _ in range(shared)]
    made = {
        "name": name, "family": family_name, "vocabulary": family["vocabulary"],
        "prefix": shared, "answers": list(family.get("answers", ())),
    }
    for part, count in zip(("warmup", "train", "test"), batches or BATCHES[name]):
        made[part] = [
            sequence(source, length or draw_length(source, QUANTILES[name]), family, prefix)
            for _ in range(count * batch)
        ]
    return made


def write(path, made):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made, separators=(",", ":")), encoding="utf-8")
    return path
