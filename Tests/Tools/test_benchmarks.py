"""What the benchmarks stand on: the same tokens every time, and an honest count of operations."""

import json
import sys

import pytest

from conftest import TOP

sys.path.insert(0, str(TOP / "Benchmarks"))
import floor  # noqa: E402
import report  # noqa: E402
import workloads  # noqa: E402


@pytest.mark.parametrize("family", workloads.FAMILIES)
@pytest.mark.parametrize("name", workloads.QUANTILES)
def test_a_workload_is_the_same_every_time_and_within_its_vocabulary(name, family):
    made = workloads.workload(name, family, batch=8)
    assert made == workloads.workload(name, family, batch=8)
    beginnings = set()
    for example in made["train"] + made["test"]:
        assert 3 <= len(example["ids"]) <= workloads.LONGEST
        assert all(0 <= identifier < made["vocabulary"] for identifier in example["ids"])
        beginnings.add(tuple(example["ids"][: made["prefix"]]))
        if made["answers"]:
            assert example["ids"][-1] == made["answers"][example["label"]]
    assert len(beginnings) == 1, "a shared beginning is shared"


def test_lora_costs_four_operations_a_weight_and_token_and_full_tuning_six():
    shape = floor.Shape(layers=12, width=768, block=7_000_000, head=0, causal=False)
    weights, tokens = 12 * 7_000_000, 3
    lora = floor.training(shape, "lora", [tokens], epochs=1)
    full = floor.training(shape, "full", [tokens], epochs=1)
    assert lora == pytest.approx(4 * weights * tokens, rel=1e-3)
    assert full == pytest.approx(6 * weights * tokens, rel=1e-3)
    assert floor.evaluation(shape, [tokens], prefix=0) == pytest.approx(2 * weights * tokens, rel=1e-3)


def test_a_frozen_trunk_is_counted_once_however_many_epochs():
    shape = floor.Shape(layers=12, width=768, block=7_000_000, head=0, causal=False)
    one, three = (floor.training(shape, "last2", [50], epochs=epochs) for epochs in (1, 3))
    assert three - one == pytest.approx(2 * 2 * (6 * 7_000_000 * 50 + 3 * floor.attention(shape, 50)))


def test_the_results_are_written_as_agreed(tmp_path):
    side = {key: 1.0 for key in report.OURS}
    row = {"model": "minilm", "method": "lora", "workload": "sms", "rounds": 3, "ours": side, "peft": side, "peft_raised": None}
    report.write(tmp_path / "out.json", [row], threads=2)
    made = json.loads((tmp_path / "out.json").read_text())
    assert set(made) == {"machine", "rows"}
    assert set(report.FIGURES) <= set(made["rows"][0]["ours"]) and "share_of_sgemm_peak" in made["rows"][0]["ours"]
    assert set(made["rows"][0]["peft"]) == set(report.FIGURES)
    assert "1.00×" in report.line(row)


def test_rows_that_are_measured_later_join_those_that_stand(tmp_path):
    side = {key: 1.0 for key in report.OURS}
    row = {"model": "minilm", "method": "lora", "workload": "sms", "rounds": 1, "ours": side, "peft": side, "peft_raised": None}
    path = tmp_path / "out.json"
    report.write(path, [row, row | {"method": "full"}], threads=2)
    report.write(path, [row | {"rounds": 3}, row | {"workload": "imdb"}], threads=2, adds=True)
    found = [(r["method"], r["workload"], r["rounds"]) for r in json.loads(path.read_text())["rows"]]
    assert found == [("full", "sms", 1), ("lora", "sms", 3), ("lora", "imdb", 1)]
    assert "| minilm | lora | sms | 3 |" in report.markdown([row | {"rounds": 3}])
