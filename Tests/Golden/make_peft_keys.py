"""Every key of PEFT's LoraConfig and its sub-configurations, with the values of closed sets, and PEFT's kinds.

    python make_peft_keys.py

Writes fixtures/peft/keys.json, which AdapterKeysTests walks: each key and value needs a decision.
"""
import dataclasses
import enum
import json
import os
import types
import typing

import peft
from peft import LoraConfig, PeftType, TaskType

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "peft", "keys.json")

# Keys that releases before this one wrote and this one does not have, with their values.
OLDER = {"merge_weights": [False, True], "enable_lora": [None, [True, False, True]]}

# Values of keys that PEFT's types leave open, or compute.
OPEN = {
    "init_lora_weights": [True, False, "lora_ga", "pissa_niter_16", "Gaussian"],
    "task_type": [None],
    "alora_invocation_tokens": [[1, 2]], "layer_replication": [[[0, 1], [0, 1]]],
    "trainable_token_indices": [[1, 2], {"embed_tokens": [1]}], "target_parameters": [["experts.up"]],
    "megatron_config": [{"tensor_model_parallel_size": 2}], "loftq_config": [{}, {"loftq_bits": 4}],
    "auto_mapping": [None, {"base_model_class": "BertModel", "parent_library": "transformers"},
                     {"base_model_class": "BertForTokenClassification", "parent_library": "transformers"}],
    "layers_to_transform": [None, 0, [0]], "exclude_modules": [None, ["pooler.dense"]],
    "rank_pattern": [{}, {"query": 4}], "alpha_pattern": [{}, {"query": 4}], "modules_to_save": [None, ["pooler"]],
    "revision": [None, "main"], "base_model_name_or_path": [None, "bert-base"],
}


def closed(hint):
    """The values of booleans, literals and enumerations within a type; none for open ones."""
    if hint is bool:
        return [False, True]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return [member.value for member in hint]
    if typing.get_origin(hint) is typing.Literal:
        return [value for value in typing.get_args(hint) if "[" not in str(value)]
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return [value for part in typing.get_args(hint) for value in closed(part)]
    return []


def parts(hint):
    """Sub-configurations within a type."""
    if dataclasses.is_dataclass(hint):
        return [hint]
    return [found for part in typing.get_args(hint) for found in parts(part)]


def plain(value):
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value


def main():
    hints = typing.get_type_hints(LoraConfig)
    defaults = {name: plain(value) for name, value in LoraConfig().__dict__.items()}
    keys, inner = {}, {}
    for field in dataclasses.fields(LoraConfig):
        values = [defaults[field.name], *closed(hints[field.name]), *OPEN.get(field.name, [])]
        for part in parts(hints[field.name]):
            inner[field.name] = [inside.name for inside in dataclasses.fields(part)]
            values.append(dataclasses.asdict(part()))
        if field.name == "peft_type":
            values = ["LORA"]
        keys[field.name] = [value for index, value in enumerate(values) if value not in values[:index]
                            or isinstance(value, bool) and value not in [v for v in values[:index] if isinstance(v, bool)]]
    keys |= OLDER
    written = {"keys": keys, "kinds": sorted(kind.value for kind in PeftType), "parts": inner,
               "tasks": sorted(task.value for task in TaskType), "version": peft.__version__}
    with open(FILE, "w") as file:
        json.dump(written, file, indent=1, sort_keys=True, default=str)
        file.write("\n")


if __name__ == "__main__":
    main()
