"""Puts the JupyterLab extension where JupyterLab looks, with the words of the installed commands in it, and a template of
nbconvert's beside it: `jupyter nbconvert --to html --template lorikeet` gives plots their alternative text.

    python labextension/install.py --lorikeet .build/release/lorikeet --prefix .venv
    python labextension/install.py --words words.json --prefix .venv
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
NAME = "@lorikeet/lab"
KERNEL = {"name": "lorikeet", "display_name": "Lorikeet", "language": "lorikeet"}
MODULES = ("live.js", "tables.js", "looks.js", "status.js", "launcher.js")
MARKER = "/*WORDS*/ {}"


def declared_words(lorikeet):
    """What the executable says its verbs, keys and values are."""
    printed = subprocess.run(
        [lorikeet, "reference", "--words"], capture_output=True, text=True, check=True
    ).stdout
    return json.loads(printed)


def offered(path):
    """A notebook as a copy of it begins: nothing has run, and the kernel is ours."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook["metadata"]["kernelspec"] = KERNEL
    return notebook


def install_notebooks(static, notebooks=TOP / "notebooks"):
    """The notebooks of the launcher's cards, and the files that they read."""
    (static / "notebooks").mkdir(exist_ok=True)
    cards = json.loads((HERE / "cards.json").read_text(encoding="utf-8"))
    for card in cards:
        notebook = offered(notebooks / card["notebook"])
        text = json.dumps(notebook, ensure_ascii=False, indent=1)
        (static / "notebooks" / card["notebook"]).write_text(text + "\n", encoding="utf-8")
        for file in card["files"]:
            shutil.copyfile(notebooks / file, static / "notebooks" / file)
    shutil.copyfile(HERE / "cards.json", static / "cards.json")


def install(words, prefix):
    folder = Path(prefix) / "share/jupyter/labextensions" / NAME
    source = (HERE / "remoteEntry.js").read_text(encoding="utf-8")
    if source.count(MARKER) != 1:
        raise SystemExit("remoteEntry.js: the marker for the words is gone")
    # "</" cannot end a script early, and the rest of JSON is JavaScript.
    literal = json.dumps(words, sort_keys=True).replace("</", "<\\/")
    (folder / "static").mkdir(parents=True, exist_ok=True)
    (folder / "static/remoteEntry.js").write_text(source.replace(MARKER, literal), encoding="utf-8")
    for module in MODULES:
        shutil.copyfile(HERE / module, folder / "static" / module)
    shutil.copyfile(TOP / "kernelspec/logo-svg.svg", folder / "static/logo.svg")
    install_notebooks(folder / "static")
    shutil.copyfile(HERE / "package.json", folder / "package.json")
    template = Path(prefix) / "share/jupyter/nbconvert/templates/lorikeet"
    shutil.copytree(HERE / "nbconvert", template, dirs_exist_ok=True)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--lorikeet", help="the executable, asked for its words")
    source.add_argument("--words", help="a JSON file of words instead")
    parser.add_argument("--prefix", required=True, help="as in PREFIX/share/jupyter/labextensions")
    options = parser.parse_args()
    if options.words:
        words = json.loads(Path(options.words).read_text(encoding="utf-8"))
    else:
        words = declared_words(options.lorikeet)
    print(f"installed {NAME} in {install(words, options.prefix)}")


if __name__ == "__main__":
    main()
