"""What is generated from the declarations is what the declarations say."""

import json

from conftest import TOP


def test_the_reference_pages_are_up_to_date(tool, folder):
    assert tool("lorikeet", "reference", "--markdown", folder / "reference").returncode == 0
    made = {page.name: page.read_text() for page in (folder / "reference").iterdir()}
    kept = {page.name: page.read_text() for page in (TOP / "docs/reference").iterdir()}
    stale = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert not stale, f"run `make docs`: {', '.join(stale)}"


def test_the_highlighter_gets_every_verb(tool):
    words = json.loads(tool("lorikeet", "reference", "--words").stdout)
    pages = {page.stem for page in (TOP / "docs/reference").glob("*.md")} - {"README"}
    assert pages <= set(words["verbs"])
    assert {"epochs", "lr", "r", "alpha"} <= set(words["keys"])
    # What is planned is no verb yet, and begins no block.
    assert "end" == words["end"] and set(words["blocks"]) <= set(words["verbs"])
