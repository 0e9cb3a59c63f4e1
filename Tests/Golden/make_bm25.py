"""Golden values of BM25: rank_bm25's BM25Okapi over made-up passages.

    python make_bm25.py

Writes fixtures/bm25.json: passages and queries as words, and the score of each passage for each query.
"""
import json
import os
import random

from rank_bm25 import BM25Okapi

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
WORDS = ["the", "a", "of", "film", "actor", "music", "plot", "slow", "river", "mountain", "1999", "café"]


def main():
    chance = random.Random(16)
    cases = []
    for count in [1, 3, 40]:
        passages = [["the"] * chance.randint(0, 3) + chance.choices(WORDS, k=chance.randint(1, 15)) for _ in range(count)]
        queries = [chance.choices(WORDS + ["unheard"], k=chance.randint(1, 6)) for _ in range(8)] + [["the", "the"], []]
        index = BM25Okapi(passages)
        cases.append({"passages": passages, "queries": queries, "scores": [index.get_scores(q).tolist() for q in queries]})
    with open(os.path.join(HERE, "bm25.json"), "w") as file:
        json.dump(cases, file)
        file.write("\n")


if __name__ == "__main__":
    main()
