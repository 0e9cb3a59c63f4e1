"""Shows what an executed notebook came to: its evaluations, or else its last table, and what to open next."""

import sys
from pathlib import Path

import nbformat


def text_of(output):
    return output.get("data", {}).get("text/plain", "")


def is_table(output):
    data = output.get("data", {})
    return "<table" in data.get("text/html", "") and "text/plain" in data


def is_evaluation(output):
    return text_of(output).partition("\n")[0].endswith("accuracy")


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

    for table in [table for table in tables if is_evaluation(table)] or tables[-1:]:
        print()
        print(text_of(table))
    print()
    print(f"{len(tables)} tables, {len(plots)} plots and no error in {notebook_path}")
    print(f"open it:       {Path(page_path).resolve()}")
    print("play with it:  make lab")


if __name__ == "__main__":
    main(*sys.argv[1:])
