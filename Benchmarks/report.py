"""The table of `make bench`, and the file that keeps its figures.

    python Benchmarks/report.py            that file as the Markdown table of RESULTS.md
"""

import json
import os
import platform
import statistics
from pathlib import Path

FIGURES = ("train_tokens_per_second", "eval_tokens_per_second", "peak_rss_mb")
OURS = FIGURES + ("share_of_sgemm_peak", "eval_share_of_sgemm_peak", "sgemm_gflops")
PLACE = ("model", "method", "workload")
HEAD = (
    f"{'model':10} {'method':6} {'texts':5} | {'train tok/s':>11} {'peer':>7} {'raised':>7} {'times':>6}"
    f" | {'eval tok/s':>10} {'peer':>7} {'times':>6} | {'MB':>6} {'peer':>7} {'of it':>5} | {'share':>5}"
)


def figure(side, key):
    return side.get(key) if side else None


def ratio(row, key, against="peft"):
    ours, peer = figure(row["ours"], key), figure(row[against], key)
    return ours / peer if ours and peer else None


def shown(value, width, form=".0f", after=""):
    return f"{'–':>{width}}" if value is None else f"{format(value, form) + after:>{width}}"


def line(row):
    ours, peer, raised = row["ours"], row["peft"], row["peft_raised"]
    share = figure(ours, "share_of_sgemm_peak")
    part = ratio(row, "peak_rss_mb")
    return (
        f"{row['model']:10} {row['method']:6} {row['workload']:5} |"
        f" {shown(figure(ours, FIGURES[0]), 11)} {shown(figure(peer, FIGURES[0]), 7)}"
        f" {shown(figure(raised, FIGURES[0]), 7)} {shown(ratio(row, FIGURES[0]), 6, '.2f', '×')} |"
        f" {shown(figure(ours, FIGURES[1]), 10)} {shown(figure(peer, FIGURES[1]), 7)}"
        f" {shown(ratio(row, FIGURES[1]), 6, '.2f', '×')} |"
        f" {shown(figure(ours, FIGURES[2]), 6)} {shown(figure(peer, FIGURES[2]), 7)}"
        f" {shown(part, 5, '.0%')} | {shown(share, 5, '.0%')}"
    )


def table(rows):
    lines = [HEAD, "-" * len(HEAD), *map(line, rows)]
    for method in dict.fromkeys(row["method"] for row in rows):
        for key, word in ((FIGURES[0], "training"), (FIGURES[1], "evaluation")):
            found = [r for r in (ratio(row, key) for row in rows if row["method"] == method) if r]
            if found:
                lines.append(f"{method} {word}: median {statistics.median(found):.2f}×, least {min(found):.2f}×")
    return "\n".join(lines)


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(text.split(":")[1].strip() for text in file if text.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def write(path, rows, threads, adds=False):
    """`{machine, rows: [{model, method, workload, rounds, ours, peft, peft_raised}]}`."""
    def kept(side, keys):
        return side and {key: round(side[key], 3) for key in keys if key in side}

    machine = {
        "processor": processor(), "cores": os.cpu_count(), "threads": threads, "system": platform.platform(),
        "load_at_the_end": round(os.getloadavg()[0], 2),
    }
    made = [
        {
            **{key: row[key] for key in (*PLACE, "rounds")},
            "ours": kept(row["ours"], OURS), "peft": kept(row["peft"], FIGURES),
            "peft_raised": kept(row["peft_raised"], FIGURES),
        }
        for row in rows
    ]
    if adds and path.exists():
        now = {tuple(row[key] for key in PLACE) for row in made}
        known = json.loads(path.read_text(encoding="utf-8"))
        # A figure holds for the processor that it was taken on.
        if known["machine"]["processor"] != machine["processor"]:
            raise SystemExit(f"{path.name} is of {known['machine']['processor']}: --to names another file")
        before = known["rows"]
        made = [row for row in before if tuple(row[key] for key in PLACE) not in now] + made
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine, "rows": made}, indent=1) + "\n", encoding="utf-8")


def markdown(rows):
    """The rows as RESULTS.md has them."""
    head = ("model", "method", "texts", "rounds", "train tokens/s", "PEFT", "raised", "times", "eval tokens/s", "PEFT",
            "times", "MB", "PEFT", "of it", "of sgemm peak, train", "eval")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        ours, peer, raised = row["ours"], row["peft"], row["peft_raised"]
        cells = [row["model"], row["method"], row["workload"], str(row["rounds"])]
        cells += [shown(figure(side, FIGURES[0]), 0, ",.0f") for side in (ours, peer, raised)]
        cells += [shown(ratio(row, FIGURES[0]), 0, ".2f")]
        cells += [shown(figure(side, FIGURES[1]), 0, ",.0f") for side in (ours, peer)]
        cells += [shown(ratio(row, FIGURES[1]), 0, ".2f")]
        cells += [shown(figure(side, FIGURES[2]), 0, ",.0f") for side in (ours, peer)]
        cells += [shown(ratio(row, FIGURES[2]), 0, ".0%")]
        cells += [shown(figure(ours, key), 0, ".0%") for key in ("share_of_sgemm_peak", "eval_share_of_sgemm_peak")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    file = Path(__file__).resolve().parent / "results/latest.json"
    print(markdown(json.loads(file.read_text(encoding="utf-8"))["rows"]))
