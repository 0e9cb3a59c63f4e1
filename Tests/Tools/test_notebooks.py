"""Every notebook of the gallery, from its first cell to its last, and what each promises to show."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
# Data that a notebook asks its reader for: from where it is beside the project, it is put where the notebook looks.
SHARED = NOTEBOOKS.parents[1] / "shared/data"
MESSAGES = (SHARED / "sms_spam/SMSSpamCollection", "SMSSpamCollection")
ASKED = {
    "which-method": MESSAGES, "how-to-train": MESSAGES, "few-shot": MESSAGES,
    "entailment": (SHARED / "sick/sick.tsv", "sick.tsv"),
    "instructions": (SHARED / "alpaca/alpaca_5000.json", "alpaca_data.json"),
    "titles": (SHARED / "reddit_tifu/tifu.jsonl", "tifu.jsonl"),
    "preferences": (SHARED / "hh_rlhf/helpful-base-test.jsonl.gz", "helpful-base-test.jsonl.gz"),
}
# Its parameters as a person sets them who has no time.
QUICK = {
    "which-method": {"count=1045": "count=200"},
    "how-to-train": {
        "count=2000": "count=400", "judged=3017": "judged=600", "reviews=2000": "reviews=64", "length=64": "length=32",
        "few=200": "few=48"},
    "few-shot": {
        "writer=smollm2": "writer=nano-llama", "judged=300": "judged=40", "learned=400": "learned=80", "length=1024": "length=512"},
    "entailment": {
        "encoder=minilm": "encoder=nano", "writer=smollm2": "writer=nano-llama", "count=2000": "count=300",
        "judged=2000": "judged=200"},
    "instructions": {
        "writer=smollm2": "writer=nano-llama", "count=500": "count=60", "judged=200": "judged=30", "length=256": "length=512"},
    "titles": {
        "writer=smollm2": "writer=nano-llama", "count=300": "count=40", "judged=100": "judged=20", "length=192": "length=512"},
    "preferences": {"writer=smollm2": "writer=nano-llama", "count=250": "count=60", "judged=200": "judged=30",
        "template=chat": "template=chatml"},
    "retrieval": {"writer=smollm2": "writer=nano-llama", "epochs=4": "epochs=1"},
    "labels": {"count=400": "count=24", "judged=1000": "judged=60", "length=256": "length=64"},
}
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def code(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


class Executed:
    """An executed notebook: what stands below the cell with these words in it."""

    def __init__(self, path):
        self.cells = code(path)

    def below(self, words, which=0):
        """- `which`: of several such cells, and all text of it."""
        found = [cell for cell in self.cells if words in cell.source][which]
        return "\n".join(self.text(output) for output in found.outputs)

    @staticmethod
    def text(output):
        return output.get("text") or output.get("data", {}).get("text/plain", "")

    def kinds(self, words):
        found = next(cell for cell in self.cells if words in cell.source)
        return {kind for output in found.outputs for kind in output.get("data", {})}


def accuracy(text):
    """Share right and the bounds of its interval, of an evaluation, in percent."""
    return tuple(map(float, re.search(r"([\d.]+)%  ([\d.]+)–([\d.]+)   \d+ of \d+ right", text).groups()))


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """A copy of the folder, in which each notebook is run once, when somebody asks for it."""
    folder = tmp_path_factory.mktemp("gallery") / "notebooks"
    return shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns("*runs", ".*"))


@pytest.fixture
def executed(gallery, tool):
    def run(name):
        if name in ASKED:
            source, asked = ASKED[name]
            if not source.exists():
                pytest.skip(f"{source.name} is not beside the project")
            shutil.copy(source, gallery / asked)
        if name in QUICK:
            notebook = gallery / f"{name}.ipynb"
            text = notebook.read_text()
            for usual, quick in QUICK[name].items():
                assert usual in text or quick in text
                text = text.replace(usual, quick)
            notebook.write_text(text)
        done = gallery / f"{name}.done.ipynb"
        if not done.exists():
            ended = tool("lorikeet", "run", f"{name}.ipynb", "--output", done, cwd=gallery, timeout=1200)
            assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr
        return Executed(done)

    return run


@pytest.mark.parametrize("name", NAMES)
def test_runs_from_start_to_end(name, executed):
    cells = executed(name).cells
    assert cells and all(output.output_type != "error" for cell in cells for output in cell.outputs)
    silent = [cell.source for cell in cells if not cell.outputs and "parameters" not in cell.metadata.get("tags", [])]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_is_stored_as_a_person_opens_it(name):
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    nbformat.validate(book)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in book.cells if cell.cell_type == "code")
    assert book.metadata.kernelspec.name == "lorikeet"
    # It begins with its title, and what it points to is there.
    assert book.cells[0].source.startswith("# ")
    linked = re.findall(r"\]\(([^)#]+)\)", "\n".join(cell.source for cell in book.cells))
    assert [link for link in linked if "://" not in link and not (NOTEBOOKS / link).exists()] == []


def test_the_quickstart_validates_shows_mistakes_and_compares(executed):
    book = executed("quickstart")
    panel = book.below("as=lora")
    assert re.search(r"^ +0 .*untuned$", panel, re.M) and "on validation" in panel
    first, second = (accuracy(book.below("evaluate", which)) for which in (0, 1))
    assert first[1] > 50 and second[1] > 50, "not above chance"
    assert "Wrong, most certain first" in book.below("show wrong")
    both = book.below("plot loss of=")
    assert "lora:" in both and "top:" in both
    assert {"lora", "top"} <= set(book.below("runs").split())


def test_the_mistakes_in_the_table_are_found(executed):
    book = executed("own-table")
    notes = " ".join(book.below("load guestbook.csv label=mood").split())
    for note in [
        "windows-1252", "repeats the header", "2 rows without text", "1 row without a label",
        "'Good', 'good' differ in writing only", "1 text stands under more than one class",
    ]:
        assert note in notes, note
    resisted, surest = book.below("show top_losses on=train"), book.below("show wrong")
    for text in ["The bus to town", "Broken glass"]:
        assert text in resisted, text
    for text in ["A paradise for children", "Filthy sinks"]:
        assert text in surest, text
    mended = " ".join(book.below("load guestbook-mended.csv").split())
    assert "differ in writing" not in mended and "more than one class" not in mended
    assert "A paradise" not in book.below("show wrong", 1) and "Filthy sinks" not in book.below("show wrong", 1)


def test_the_mended_table_is_the_odd_one_put_right():
    odd = (NOTEBOOKS / "guestbook.csv").read_text("cp1252").splitlines()
    mended = (NOTEBOOKS / "guestbook-mended.csv").read_text("utf-8").splitlines()
    changed = set(mended) - set(odd)
    assert len(mended) == 101 and len(changed) == 3, changed


def test_several_classes_are_told_apart(executed):
    book = executed("several-classes")
    _, low, _ = accuracy(book.below("evaluate"))
    assert low > 3 * 100 / 6, "hardly above the baseline"
    for topic in ["account", "happy", "lost", "order", "payment", "repair"]:
        assert topic in book.below("confusion")
    assert book.below('predict "I paid').startswith("payment") and "lost  “Where is my hat?”" in book.below('predict "I paid')


def test_a_language_model_learns_to_answer(executed):
    book = executed("language-model")
    read = book.below("show tokens")
    assert "Answer" in read and read.count(" yes") == 2
    untuned, tuned = (accuracy(book.below("evaluate", which)) for which in (0, 1))
    assert untuned[2] < tuned[1], "the intervals of before and after meet"


def test_two_methods_are_compared(executed):
    book = executed("two-methods")
    for which in (0, 1):
        share, low, high = accuracy(book.below("evaluate", which))
        assert low < share < high
    assert any("vega" in kind for kind in book.kinds("plot loss of="))
    # What the text says of the curve: with all weights, the loss of what is learned falls well below that of the validation.
    rows = re.findall(r"^ +(\d) +(\S+) +(\S+) ", book.below("as=full"), re.M)
    last = next(row for row in rows if row[0] == "3")
    assert float(last[1]) < 0.5 * float(last[2]), rows
    assert min(float(row[2]) for row in rows) < float(last[2]), "the validation loss did not rise"


def test_each_method_learns_which_messages_are_spam(executed):
    done = executed("which-method")
    lines = [cell.source.splitlines()[0] for cell in done.cells if cell.source.endswith("evaluate")]
    assert len(lines) == 13
    scores = {line: accuracy(done.below(line + "\ntrain"))[0] for line in lines}
    assert all(score >= 50 for score in scores.values()), scores
    assert scores["lora r=8"] > 80 and scores["last n=2"] > 80, scores


def test_each_loss_learns_the_rare_class_and_patience_ends_early(executed):
    done = executed("how-to-train")
    recalls = {
        name: float(re.search(r"^spam +\S+ +([\d.]+)%", done.below(f"as={name};"), re.M)[1])
        for name in ("plain", "weighted", "focal")}
    assert min(recalls.values()) > 70, recalls
    assert "suggested lr" in done.below("lr_find")
    rates = done.below("plot lr of=")
    assert all(name in rates for name in ("constant", "linear", "cycle", "slanted"))
    stopped = done.below("as=patient")
    found = re.search(r"the best weights, of epoch (\d+)", stopped)
    assert found or "the weights from before the first step were the" in stopped
    best = int(found[1]) if found else 0
    assert "ended early: 3 validations in a row" in stopped
    assert len(re.findall(r"^ +\d+ .*\d s", stopped, re.M)) == best + 3 + 1, "epoch 0, and three after the best"
    assert "the last weights of patient are in use" in done.below("use last")


def test_the_tour_leaves_files_that_can_be_read(executed, gallery):
    book = executed("tour")
    assert (gallery / "epochs.csv").read_text().startswith("epoch,")
    assert "<svg" in (gallery / "losses.svg").read_text()
    assert (gallery / "again.csv").read_text() == (gallery / "answers.csv").read_text()
    assert "thinner" in book.below("runs")
