"""How probable the tiny decoders find it to answer with each class's words: sums of log p over all tokens of a word and the
end after it, by Transformers in float64, alone and behind examples with their answers.

    python make_label_words.py

Writes fixtures/writing/label-words.json. Tokens are words' numbers, as in make_writing.py.
"""
import json
import os

import torch
from make_models import HERE as MODELS
from make_writing import BOS, EOS, FOLDER, words
from transformers import AutoModelForCausalLM

LABELS = ["bad", "very good", "good beyond all words"]
INSTRUCTION = "Which is it?"
TEXTS = ["a dull film", "the song is a joy to hear", "so so"]
SHOTS = [["a bleak day", 0], ["the best of all", 2], ["rather fine", 1]]


def asked(text):
    return words(f"{text}\n\n{INSTRUCTION}\nAnswer:")


def scores(model, before, text):
    """Each class's sum of log p, and the tokens that it is of."""
    prompt = [BOS] + before + asked(text)
    found = []
    for label in LABELS:
        answer = words(label) + [EOS]
        logits = model(torch.tensor([prompt + answer])).logits[0]
        logarithms = torch.log_softmax(logits, -1)
        found.append(sum(
            logarithms[len(prompt) - 1 + place, token].item() for place, token in enumerate(answer)))
    return found


def main():
    torch.set_num_threads(1)
    shown = [token for text, label in SHOTS for token in asked(text) + words(LABELS[label]) + [EOS]]
    result = {
        "labels": LABELS, "instruction": INSTRUCTION, "texts": TEXTS, "shots": SHOTS,
        "tokens": [len(words(label)) + 1 for label in LABELS], "scores": {}}
    for family in ["llama", "llama3"]:
        model = AutoModelForCausalLM.from_pretrained(
            os.path.join(MODELS, family), attn_implementation="eager").double().eval()
        with torch.no_grad():
            result["scores"][family] = {
                "alone": [scores(model, [], text) for text in TEXTS],
                "shots": [scores(model, shown, text) for text in TEXTS]}
    with open(os.path.join(FOLDER, "label-words.json"), "w") as file:
        json.dump(result, file)
        file.write("\n")


if __name__ == "__main__":
    main()
