"""McNemar's test by statsmodels.

    pip install statsmodels
    python make_comparing.py

Writes fixtures/mcnemar.json: texts that only the first of two got right, and only the second, with both p.
"""
import json
import os

from statsmodels.stats.contingency_tables import mcnemar

PAIRS = [(0, 1), (1, 1), (3, 0), (5, 9), (12, 30), (25, 25), (7, 60), (151, 119), (1203, 1310), (0, 40)]


def main():
    golden = []
    for first, second in PAIRS:
        table = [[100, first], [second, 20]]
        golden.append({"first": first, "second": second, "exact": float(mcnemar(table, exact=True).pvalue),
                       "chiSquare": float(mcnemar(table, exact=False, correction=True).pvalue)})
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "mcnemar.json")
    with open(path, "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
