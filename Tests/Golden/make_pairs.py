"""Pairs of texts as Transformers' tokenizers encode and cut them, and what its classifiers of three classes make of them.

    python make_pairs.py --minilm FOLDER --smollm2 FILE.gguf

Writes fixtures/pairs.json. MiniLM reads `[CLS] A [SEP] B [SEP]` with segments 0 and 1. SmolLM2's tokenizer puts nothing
between two texts, so that a line break stands there: whole, the text `A\\nB` encoded as one; cut, the two texts cut as
`longest_first` cuts them to what the line break leaves. Heads start by a formula.
"""
import argparse
import json
import os
from pathlib import Path

import torch
from make_models import HERE as MODELS
from make_models import formula
from make_peft import BERT
from make_tokenizers import byte_level_from_gguf
from transformers import AutoTokenizer, BertForSequenceClassification, LlamaForSequenceClassification

PAIRS = [
    ("A man is playing a guitar", "Nobody plays an instrument"),
    ("Two dogs are fighting in the snow.", "Two dogs wrestle."),
    ("A group of kids is playing in a yard and an old man is standing in the background, near the old oak",
     "The young boys are playing outdoors"),
    ("Rain", "The streets of the little town were wet all day, and no one who could stay at home went out"),
    ("It is 4:30pm \u2013 caf\u00e9 open?", "caf\u00e9s close at 5"),
    ("", "only a hypothesis"),
    ("only a premise", ""),
]
LIMITS = [256, 24, 12, 7]

# Ids and segments of pairs for the tiny models, whose vocabulary has 61 tokens.
TINY = [
    ([1, 7, 8, 9, 2, 30, 31, 2], [0, 0, 0, 0, 0, 1, 1, 1]),
    ([1, 50, 2, 4, 5, 6, 7, 8, 9, 10, 2], [0] * 3 + [1] * 8),
    ([1, 20, 21, 22, 23, 24, 2, 2], [0] * 7 + [1]),
]


def head(model):
    for name, parameter in model.named_parameters():
        if name.startswith(("classifier.", "score.")):
            formula(parameter, 0.2 if name.endswith("weight") else 0.0, 0.5)
    return model.eval()


def logits(model, **inputs):
    with torch.no_grad():
        return model(**{name: torch.tensor([ids]) for name, ids in inputs.items()}).logits[0].tolist()


def minilm(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = head(BertForSequenceClassification.from_pretrained(folder, num_labels=3))
    found = []
    for limit in LIMITS:
        for first, second in PAIRS:
            # As a batch: a single empty second text is none to Transformers.
            encoded = tokenizer([first], [second], truncation="longest_first", max_length=limit)
            ids, segments = encoded.input_ids[0], encoded.token_type_ids[0]
            found.append({
                "limit": limit, "ids": ids, "segments": segments,
                "logits": logits(model, input_ids=ids, token_type_ids=segments)})
    return found


def smollm2(path):
    tokenizer = byte_level_from_gguf(path)
    tokenizer.no_padding()
    found = []
    for limit in LIMITS:
        for first, second in PAIRS:
            tokenizer.no_truncation()
            between = tokenizer.encode("a\nb").ids[1:2]
            whole = tokenizer.encode(f"{first}\n{second}").ids
            tokenizer.enable_truncation(limit - len(between), strategy="longest_first")
            cut = tokenizer.encode(first, second)
            ids = ([id for id, place in zip(cut.ids, cut.sequence_ids) if place == 0] + between
                   + [id for id, place in zip(cut.ids, cut.sequence_ids) if place == 1])
            # What is not cut is the two lines, encoded as one text.
            assert len(whole) > limit or ids == whole, (first, second)
            found.append({"limit": limit, "ids": ids})
    return found


def tiny():
    bert = head(BertForSequenceClassification.from_pretrained(BERT, num_labels=3))
    llama = head(LlamaForSequenceClassification.from_pretrained(
        os.path.join(MODELS, "llama"), num_labels=3, pad_token_id=0))
    return [{"ids": ids, "segments": segments, "bert": logits(bert, input_ids=ids, token_type_ids=segments),
             "llama": logits(llama, input_ids=ids)} for ids, segments in TINY]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minilm", required=True)
    parser.add_argument("--smollm2", required=True, type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    found = {"pairs": PAIRS, "tiny": tiny(), "minilm": minilm(options.minilm), "smollm2": smollm2(options.smollm2)}
    with open(os.path.join(os.path.dirname(MODELS), "pairs.json"), "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
