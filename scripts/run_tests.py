"""Runs the tests, stage by stage, and closes with `N passed, N failed`.

    python scripts/run_tests.py                 all of them
    python scripts/run_tests.py swift lab       these stages
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
LORIKEET = TOP / ".build/release/lorikeet"
BUILD = ["-c", "release", "--explicit-target-dependency-import-check", "error"]

# The pretrained models and the data that tests use; each is fetched once and kept in the cache folder.
INPUTS = "model minilm\nmodel smollm2\nload imdb train=100 test=100\n"


class Tally:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def stream(command, **options):
    """Runs a command, shows what it prints, and returns that and its exit status."""
    process = subprocess.Popen(
        command, cwd=TOP, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options,
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        if not re.match(r"[◇↳] |\s*$", line):  # a line for each test that begins is a line too many
            print(line, end="", flush=True)
    return "".join(lines), process.wait()


def fetch():
    script = TOP / "build/inputs.lk"
    script.write_text(INPUTS)
    _, status = stream([str(LORIKEET), "run", str(script)])
    # Without a network the tests that need a model say that they were skipped.
    return Tally(passed=int(status == 0), failed=int(status != 0))


def swift():
    _, status = stream(["swift", "build", *BUILD, "--build-tests"])
    if status:
        return Tally(failed=1)
    output, status = stream(["swift", "test", "-c", "release", "--skip-build"])
    ran = sum(int(n) for n in re.findall(r"Test run with (\d+) tests?", output))
    failed = len(set(re.findall(r"^✘ Test (?!run|case)(.+?) failed after", output, re.M)))
    skipped = len(re.findall(r"^➜ Test .* skipped", output, re.M))
    if status and not failed:
        failed = 1  # it crashed, or a suite could not be made
    return Tally(max(0, ran - failed - skipped), failed, skipped)


def pytest(folder):
    def run():
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", folder]
        output, status = stream(command)
        counts = {kind: int(n) for n, kind in re.findall(r"(\d+) (passed|failed|error|skipped)", output.split("\n=")[-1])}
        failed = counts.get("failed", 0) + counts.get("error", 0)
        return Tally(counts.get("passed", 0), failed or int(status not in (0, 5)), counts.get("skipped", 0))

    return run


STAGES = {
    "fetch": fetch,
    "swift": swift,
    "conformance": pytest("Tests/Conformance"),
    "tools": pytest("Tests/Tools"),
    "lab": pytest("Tests/Lab"),
}


def main(names):
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        raise SystemExit(f"there is no stage {unknown[0]}; there are {', '.join(STAGES)}")
    (TOP / "build").mkdir(exist_ok=True)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    total, lines = Tally(), []
    for name in names or STAGES:
        print(f"\n— {name} —", flush=True)
        began = time.monotonic()
        tally = STAGES[name]()
        total.add(tally)
        seconds = time.monotonic() - began
        lines.append(f"{name:12} {tally.passed:5} passed {tally.failed:4} failed {tally.skipped:4} skipped {seconds:7.0f} s")
    print("\n" + "\n".join(lines))
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
