"""What there is to see: notebooks of cells, those with a name are photographed.

`make screenshots` photographs them (`screenshots.py`).
"""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """A cell: what it is called in the pictures (None: it only prepares), and its text."""

    name: str | None
    text: str
    # How it is run: "done", "live" (a picture meanwhile too), "stopped" (interrupted after some steps), or "typing".
    way: str = "done"


def _forty(classes):
    """A table with so many classes, some of them easily taken for one another; made up, nothing to read in it."""
    woods = "oak ash elm fir yew birch beech alder maple hazel".split()
    things = "bench chair table stool chest frame spoon bowl".split()
    names = [f"{wood} {thing}" for wood in woods for thing in things][:classes]
    rows = ["text,label"]
    for index in range(12 * classes):
        name = names[index % classes]
        wood, thing = name.split()
        rows.append(f"the {thing} number {index // classes} is made of {wood if index % 5 else 'wood'},{name}")
    return "\n".join(rows) + "\n"


OPPOSITES = (
    "hot cold, early late, open shut, full empty, tall short, wet dry, old new, loud quiet, far near, soft hard, light dark, "
    "quick slow, wide narrow, thick thin, rich poor, first last, high low, clean dirty, strong weak, sweet sour"
)
PLURALS = (
    "mouse mice, child children, leaf leaves, foot feet, tooth teeth, goose geese, wolf wolves, knife knives, box boxes, "
    "city cities, bus buses, sheep sheep, shelf shelves, story stories, loaf loaves, penny pennies"
)


def _requests():
    """Questions with an answer of a word, made up."""
    rows = []
    for question, words in (("What is the opposite of", OPPOSITES), ("What is the plural of", PLURALS)):
        for pair in words.split(", "):
            word, answer = pair.split()
            rows.append({"instruction": f"{question} {word}?", "input": "", "output": answer})
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _pairs():
    """Answers of which the polite one is liked more, made up."""
    rows = []
    for wish in "a table,the bill,a blanket,more bread,a map,a later train,the key,a quiet room,some tea,a receipt".split(","):
        for ending in ("", " today", ", if you can", " for two"):
            rows.append({
                "prompt": f"I should like {wish}{ending}.",
                "chosen": f"Certainly, {wish} will be with you in a moment.", "rejected": "No. Ask somebody else."})
    return "".join(f"{json.dumps(row)}\n" for row in rows)


# Files that the cells read, beside those of notebooks/.
FILES = {
    "forty.csv": _forty(40), "sixty.csv": _forty(60), "requests.jsonl": _requests(), "pairs.jsonl": _pairs(),
}

NOTEBOOKS = {
    "films": [
        Scene("model", "model minilm"),
        Scene("load", "load imdb train=300 test=300 max_length=64"),
        Scene("examples", "show n=3"),
        Scene("describe", "describe"),
        Scene("lengths", "plot lengths"),
        Scene("method", "lora r=8 alpha=16 dropout=0.1"),
        Scene("panel", "train epochs=3 lr=2e-3 as=lora", "live"),
        Scene("loss", "plot loss"),
        Scene("accuracy", "plot accuracy"),
        Scene("evaluation", "evaluate"),
        Scene("confusion-2", "confusion"),
        Scene("wrong", "show wrong"),
        Scene("top-losses", "show top_losses n=3"),
        Scene("predict", 'predict "A quiet, beautifully acted film that stays with you."'),
        Scene("epochs", "table epochs"),
        Scene("table-long", "table steps"),
        Scene("params", "params"),
        Scene(None, "full last=1\ntrain epochs=3 as=last1"),
        Scene("loss-two", "plot loss of=lora,last1"),
        Scene("panel-stopped", "train epochs=20", "stopped"),
        Scene("runs", "runs"),
        Scene("status", "status"),
    ],
    "six": [
        Scene(None, "set seed=1\nmodel minilm"),
        Scene("load-six", "load messages.csv text=message label=topic test=60"),
        Scene("classes", "plot classes"),
        Scene(None, "lora r=8\ntrain epochs=6 lr=3e-3"),
        Scene("evaluation-6", "evaluate"),
        Scene("confusion-6", "confusion"),
        Scene("wrong-6", "show wrong"),
        Scene("predict-6", 'predict "I paid for two hours and the chain came off after one."'),
        Scene("predict-many", 'predict "Where is my hat?" "The tyre is flat." "Thank you, it was lovely." "May I come at nine?"'),
    ],
    "forty": [
        Scene(None, "model nano\nload forty.csv\nlora r=16\ntrain epochs=11 lr=1e-2 batch=32"),
        Scene("confusion-40", "confusion"),
        Scene("evaluation-40", "evaluate"),
        Scene("predict-40", 'predict "the bench number 3 is made of yew"'),
        Scene(None, "load sixty.csv\nlora r=16\ntrain epochs=12 lr=1e-2 batch=32"),
        Scene("confusion-60", "confusion"),
    ],
    "written": [
        Scene(None, "set seed=1\nmodel smollm2"),
        Scene("generate", 'generate "The three largest cities of Italy are" max_tokens=60'),
        Scene("generate-drawn", 'generate "Once upon a time" temperature=0.8 top_p=0.9 n=3 max_tokens=24'),
        Scene("load-requests", "load requests.jsonl prompt=alpaca test=12"),
        Scene("show-prompt", "show prompt"),
        Scene("show-batch", "show batch n=3"),
        Scene("perplexity", "perplexity"),
        Scene(None, "lora r=8\ntrain epochs=6 lr=2e-3 as=tuned save_every=0"),
        Scene("compare-written", "evaluate of=base,tuned metrics=exact_match,chrf++ max_tokens=8"),
        Scene("wrong-written", "show wrong"),
        Scene("top-losses-written", "show top_losses n=3"),
        Scene("generate-asked", 'generate "What is the opposite of cheap?" "What is the plural of hoof?" max_tokens=8'),
        Scene("chat", 'chat "Which is larger, the sun or the moon?" prompt=smollm2 max_tokens=40'),
    ],
    "liked": [
        Scene(None, "set seed=1\nmodel smollm2"),
        Scene("load-pairs", "load pairs.jsonl test=8 validation=8 prompt=plain"),
        Scene("show-prompt-pair", "show prompt"),
        Scene(None, "lora r=8"),
        Scene("dpo", "dpo epochs=2 batch=4 save_every=0"),
        Scene("evaluation-pairs", "evaluate"),
        Scene("best-pairs", "show best n=3"),
    ],
    "beside": [
        Scene(None, "set seed=1\nmodel minilm\nload messages.csv text=message label=topic test=60"),
        Scene("baseline", "baseline"),
        Scene(None, "lora r=8\ntrain epochs=6 lr=3e-3 as=lora\nevaluate"),
        Scene("compare", "compare baseline lora"),
        Scene("calibration", "plot calibration"),
        Scene("best-6", "show best n=3"),
        Scene("lr-find", "lr_find"),
    ],
    "words": [
        Scene("load-odd", "load guestbook.csv"),
        Scene("error", "lora r=8 aplha=16"),
        Scene("error-value", "train epochs=many"),
        Scene("untrained", 'model nano\nload toy\npredict "a superb song"'),
        Scene("help", "help"),
        Scene("help-verb", "help evaluate"),
        Scene("help-key", "help lora alpha"),
        Scene("plan", "lora r=4\ntrain epochs=2 batch=16"),
        Scene("masks", "load toy label=none\nshow batch n=3"),
        Scene("predict-masks", 'predict "the [MASK] was lovely" "a [MASK] about the [MASK]"'),
        Scene("filled", 'generate "the soup was" order=likeliest max_tokens=8'),
        Scene("completion", "train ", "typing"),
    ],
}

# The telling ones, for the documents, and in which themes. None shows a text that others wrote.
DOCUMENTS = dict.fromkeys(
    [
        "load-odd", "panel-stopped", "loss-two", "evaluation", "confusion-6", "confusion-40", "wrong-6", "predict-6",
        "lengths", "error", "completion", "show-prompt", "compare-written", "wrong-written", "compare", "calibration",
    ],
    {"Light"},
) | {"panel-training": {"Light", "Dark"}}
