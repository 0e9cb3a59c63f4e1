"""What the house rules forbid and a formatter cannot see. Prints each finding; exit 1 if there is any."""

import ast
import re
import subprocess
import sys
from pathlib import Path

LONGEST = 300
CODE = {".swift", ".c", ".h", ".py", ".js"}
# A cell, a file or a message must never be able to reach one of these.
TRAPS = re.compile(r"\btry!|\bas!|\bfatalError\(|\bcatch\s*\{\s*\}")
PUBLIC = re.compile(r"^\s*(public|open)\s+(?!.*//)")


def tracked():
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    return [Path(name) for name in names if Path(name).is_file()]


def findings(path):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if path.suffix in CODE and len(lines) > LONGEST:
        yield 0, f"{len(lines)} lines: look for the second idea"
    if path.suffix in CODE and text and not text.endswith("\n"):
        yield len(lines), "no newline at the end"
    if path.suffix == ".swift" and path.parts[0] == "Sources":
        for number, line in enumerate(lines, 1):
            code = line.split("//")[0]
            if TRAPS.search(code):
                yield number, f"a trap: {line.strip()}"
            if PUBLIC.search(code):
                yield number, f"access is internal or package: {line.strip()}"
    if path.suffix == ".py":
        try:
            ast.parse(text, str(path))
        except SyntaxError as error:
            yield error.lineno or 0, error.msg
    if text.startswith("#!/bin/sh"):
        check = subprocess.run(["sh", "-n", str(path)], capture_output=True, text=True)
        if check.returncode:
            yield 0, check.stderr.strip()
    if path.suffix == ".ipynb" and re.search(r'"outputs": \[\s*\{', text):
        yield 0, "stored outputs: clear them"


def main():
    count = 0
    for path in tracked():
        if path.suffix not in CODE | {".ipynb", ".sh", ""}:
            continue
        try:
            found = list(findings(path))
        except UnicodeDecodeError:
            continue
        for number, message in found:
            print(f"{path}:{number}: {message}" if number else f"{path}: {message}")
        count += len(found)
    print("lint: clean" if count == 0 else f"lint: {count} finding(s)")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
