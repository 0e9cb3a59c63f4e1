"""Shows what an executed notebook ended with: its last table, and what to open next."""

import sys
from pathlib import Path

import nbformat


def text_of(output):
    return output.get("data", {}).get("text/plain", "")


def is_table(output):
    data = output.get("data", {})
    return "<table" in data.get("text/html", "") and "text/plain" in data


def is_plot(output):
    return any("vega" in kind for kind in output.get("data", {}))


def main(notebook_path, page_path):
    notebook = nbformat.read(notebook_path, as_version=4)
    outputs = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    errors = [output for output in outputs if output.output_type == "error"]
    for error in errors:
        print("\n".join(error.traceback) or f"{error.ename}: {error.evalue}", file=sys.stderr)
    if errors:
        sys.exit(f"{notebook_path}: {len(errors)} cell(s) failed")

    tables = [output for output in outputs if is_table(output)]
    plots = [output for output in outputs if is_plot(output)]
    if not tables or not plots:
        sys.exit(f"{notebook_path}: {len(tables)} tables and {len(plots)} plots; expected both")

    results = [table for table in tables if "accuracy" in text_of(table)] or tables
    print()
    print(text_of(results[-1]))
    print()
    print(f"{len(tables)} tables, {len(plots)} plots and no error in {notebook_path}")
    print(f"open it:       {Path(page_path).resolve()}")
    print("play with it:  make lab")


if __name__ == "__main__":
    main(*sys.argv[1:])
