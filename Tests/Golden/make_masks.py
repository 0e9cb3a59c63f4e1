"""What encoders that fill masks in learn and write, by Transformers and PEFT: ten steps over given masks, sums of -log p of
masked words, the likeliest words of a mask, and texts that masks are filled in to.

    python make_masks.py

Writes fixtures/writing/masks.json. The tiny BERT has a head (`bert`), the bare one is given a new one by a formula
(`bert-base`). Words are numbers (`words` of make_writing.py, `WordNumbers` in the tests); 0 stands for the mask.
"""
import json
import os

import torch
from make_models import HERE as MODELS
from make_models import formula
from make_writing import BOS, FOLDER, RIVER, words
from peft import LoraConfig, get_peft_model
from transformers import BertForMaskedLM

MASK, END, PENALTY = 0, 2, 3.0
TEXTS = [RIVER, "a short one", "the town had no boat and the water fell"]
HEAD = ["transform.dense.weight", "transform.dense.bias", "transform.LayerNorm.weight", "transform.LayerNorm.bias", "bias"]


def rows():
    return [[BOS] + words(text) for text in TEXTS]


def masked(ids, step, row):
    """Every third place or so is learned, other ones in each step: masked, swapped or kept in turn."""
    read, labels = list(ids), [-100] * len(ids)
    for place in range(1, len(ids)):
        if (place * 5 + step * 7 + row * 3) % 4:
            continue
        labels[place] = ids[place]
        kind = (place + step) % 5
        if kind < 3:
            read[place] = MASK
        elif kind == 3:
            read[place] = 3 + (7 * place + step) % 50
    return read, labels


def loaded(name, lora):
    torch.manual_seed(1)
    path = os.path.join(MODELS, "bert") if name == "bert" else os.path.join(os.path.dirname(MODELS), "peft", "bert-base")
    model = BertForMaskedLM.from_pretrained(path, attn_implementation="eager").eval()
    # The mask's number is that of padding in these models, whose row the reference keeps from learning.
    model.bert.embeddings.word_embeddings.padding_idx = None
    head = dict(model.cls.predictions.named_parameters())
    if name != "bert":
        for index, own in enumerate(HEAD):
            formula(head[own], 0.3, 0.2 * index)
    if lora:
        model = get_peft_model(model, LoraConfig(
            r=4, lora_alpha=8, lora_dropout=0.0, target_modules=["query", "value"]))
        for index, a in enumerate(p for n, p in model.named_parameters() if ".lora_A." in n):
            formula(a, 0.3, 0.1 * index)
        if name != "bert":
            for own in HEAD:
                head[own].requires_grad_(True)
    return model


def nll(model, rows):
    """The sum of -log p over masked words, how many there are, and how many were the likeliest."""
    total, count, right = 0.0, 0, 0
    for ids, labels in rows:
        logits = model(torch.tensor([ids])).logits[0]
        wanted = torch.tensor(labels)
        total = total + torch.nn.functional.cross_entropy(logits, wanted, ignore_index=-100, reduction="sum")
        count += int((wanted != -100).sum())
        right += int(((logits.argmax(-1) == wanted) & (wanted != -100)).sum())
    return total, count, right


def steps(name, lora, batches):
    model = loaded(name, lora)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2 if lora else 1e-3, weight_decay=0.01)
    losses, norms = [], []
    for batch in batches:
        optimizer.zero_grad()
        total, count, _ = nll(model, batch)
        loss = total / count
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


def each(ids):
    found = []
    for place in range(1, len(ids)):
        labels = [-100] * len(ids)
        labels[place] = ids[place]
        found.append((ids[:place] + [MASK] + ids[place + 1:], labels))
    return found


def right_at_times(model):
    """Each word masked by itself; of every third row the label is what the model holds for likeliest."""
    found = [row for ids in rows() for row in each(ids)]
    for ids, labels in found[::3]:
        place = ids.index(MASK)
        labels[place] = int(model(torch.tensor([ids])).logits[0, place].argmax())
    return found


def filled(model, prompt, count, order):
    """Masks after a prompt, filled in from the left or the surest first, with a penalty on what is there; nothing after an
    end."""
    ids, open_places, gap = prompt + [MASK] * count, list(range(len(prompt), len(prompt) + count)), 1e9
    while open_places:
        logits = model(torch.tensor([ids])).logits[0].clone()
        there = sorted(set(ids) - {MASK})
        logits[:, there] = torch.where(logits[:, there] < 0, logits[:, there] * PENALTY, logits[:, there] / PENALTY)
        logits[:, [MASK, BOS]] = -torch.inf
        chances = torch.log_softmax(logits, -1)
        place = open_places[0]
        if order == "likeliest":
            tops = sorted(((chances[p].max().item(), -p) for p in open_places), reverse=True)
            place = -tops[0][1]
            gap = min(gap, tops[0][0] - tops[1][0]) if len(tops) > 1 else gap
        first, second = torch.topk(logits[place], 2).values
        gap = min(gap, (first - second).item())
        token = int(logits[place].argmax())
        if token == END:
            ids, open_places = ids[:place], [p for p in open_places if p < place]
        else:
            ids[place] = token
            open_places.remove(place)
    return {"prompt": prompt, "count": count, "order": order, "tokens": ids[len(prompt):], "gap": gap}


def main():
    torch.set_num_threads(1)
    batches = [[masked(ids, step, row) for row, ids in enumerate(rows())] for step in range(10)]
    result = {"texts": TEXTS, "penalty": PENALTY, "rows": batches, "head": HEAD}
    result["steps"] = {
        f"{name} {method}": steps(name, method == "lora", batches)
        for name in ["bert", "bert-base"] for method in ["full", "lora"]}
    with torch.no_grad():
        model = loaded("bert", False).double().eval()
        result["judged_rows"] = right_at_times(model)
        result["judged"] = [float(x) for x in nll(model, result["judged_rows"])]
        result["each"] = [float(x) for x in nll(model, [row for ids in rows() for row in each(ids)])]
        ids = [BOS] + words("the river") + [MASK] + words("and carried") + [MASK]
        chances = torch.softmax(model(torch.tensor([ids])).logits[0], -1)
        result["likeliest"] = [
            [[int(i), float(p)] for p, i in zip(*torch.topk(chances[place], 5))]
            for place, own in enumerate(ids) if own == MASK]
        prompts = [[BOS] + words(text) for text in ["the river rose", "a boat", "nobody in the town had a boat"]]
        result["filled"] = [
            filled(model, prompt, 8, order) for prompt in prompts for order in ["left", "likeliest"]]
    with open(os.path.join(FOLDER, "masks.json"), "w") as file:
        json.dump(result, file)
        file.write("\n")


if __name__ == "__main__":
    main()
