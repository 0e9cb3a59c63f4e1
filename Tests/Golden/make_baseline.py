"""TF-IDF and logistic regression by scikit-learn, of made-up sentences of two and of three classes.

    pip install scikit-learn
    python make_baseline.py

Writes fixtures/baseline.json: sentences with their classes, and for each way of counting terms how many there are and the
probabilities of the test sentences' classes. The regression is taken to its end (tol=1e-10).
"""
import json
import os
import random

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

WORDS = {
    "sport": "match goal team player won lost season coach league score".split(),
    "music": "song album band guitar singer concert played record tune voice".split(),
    "food": "soup bread baked salt recipe kitchen served dinner taste oven".split(),
}
COMMON = "the a of and was we it's I've don't 3 10 2024 very Really GOOD bad. not, never! x_y Straße café ΣΟΦΟΣ naïve".split()
WAYS = [
    {"classes": 2, "ngrams": [1, 1], "min_df": 1, "C": 1.0}, {"classes": 2, "ngrams": [1, 2], "min_df": 2, "C": 10.0},
    {"classes": 3, "ngrams": [1, 1], "min_df": 1, "C": 1.0}, {"classes": 3, "ngrams": [1, 3], "min_df": 0.05, "C": 0.5},
    {"classes": 3, "ngrams": [2, 2], "min_df": 1, "C": 1.0},
]


def sentences(count, seed):
    draw = random.Random(seed)
    found = []
    for index in range(count):
        label = index % 3
        own, other = list(WORDS)[label], draw.choice(list(WORDS))
        words = draw.choices(WORDS[own], k=draw.randrange(1, 5)) + draw.choices(WORDS[other], k=2)
        words += draw.choices(COMMON, k=draw.randrange(3, 9))
        draw.shuffle(words)
        found.append({"text": " ".join(words), "label": label})
    return found


def main():
    train, test = sentences(120, 1), sentences(30, 2) + [{"text": "", "label": 0}, {"text": "unknown words", "label": 1}]
    cases = []
    for way in WAYS:
        def kept(part):
            return [row for row in part if row["label"] < way["classes"]]
        vectorizer = TfidfVectorizer(ngram_range=tuple(way["ngrams"]), min_df=way["min_df"])
        rows = vectorizer.fit_transform([row["text"] for row in kept(train)])
        model = LogisticRegression(C=way["C"], tol=1e-10, max_iter=10000)
        model.fit(rows, [row["label"] for row in kept(train)])
        found = model.predict_proba(vectorizer.transform([row["text"] for row in kept(test)]))
        cases.append({"classes": way["classes"], "ngrams": way["ngrams"], "least": way["min_df"],
                      "strength": way["C"], "terms": len(vectorizer.vocabulary_),
                      "probabilities": [[float(f"{p:.10g}") for p in row] for row in found]})
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "baseline.json")
    with open(path, "w") as file:
        json.dump({"train": train, "test": test, "cases": cases}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
