"""The keys that models' files may have, by the classes and constants that define them.

    python make_key_lists.py [--older FOLDER] [--sentence-transformers FOLDER]

Writes fixtures/keys/models.json: for each file its keys with the reference's defaults, and the values of
those keys that have a closed set of them. `--older` is a folder with an earlier Transformers (`pip install
--target FOLDER --no-deps transformers==4.57.1 "huggingface_hub<1.0" "tokenizers<0.23"`), whose keys are
added; `--sentence-transformers` one with that package, unpacked or installed. Without them what the fixture
says of them stays.
"""
import argparse
import ast
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "fixtures", "keys", "models.json")
CLASSES = {"bert": "BertConfig", "gpt2": "GPT2Config", "llama": "LlamaConfig"}
MODULES = {"bert": "bert", "gpt2": "gpt2", "llama": "llama"}
POSITIONS = ["absolute", "relative_key", "relative_key_query"]
PROBLEMS = ["regression", "single_label_classification", "multi_label_classification"]
SUMMARIES = ["last", "first", "mean", "cls_index", "attn"]


def transformers_lists():
    """Keys, defaults and closed sets of the configuration classes of the Transformers that is importable."""
    import transformers
    from transformers.activations import ACT2FN
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    generation = transformers.GenerationConfig()
    generating = getattr(generation, "_get_default_generation_params", None)
    generating = generating() if generating else {
        k: v for k, v in transformers.PretrainedConfig()._get_global_generation_defaults().items()}
    result = {"version": transformers.__version__}
    for family, name in CLASSES.items():
        default = getattr(transformers, name)()
        keys = {**{k: None for k in generating}, **default.to_dict()}
        keys.update({k: None for k in default.attribute_map})
        keys.update(dict.fromkeys(["torch_dtype", "dtype", "num_labels", "name_or_path", "_commit_hash",
                                   "attn_implementation", "experts_implementation", "per_layer_config",
                                   "tie_last_hidden_states", "quantization_config"]))
        keys.pop("transformers_version")
        keys["transformers_version"] = None
        values = {k: [False, True] for k, v in keys.items() if isinstance(v, bool)}
        values["problem_type"] = PROBLEMS
        for activation in ("hidden_act", "activation_function"):
            if activation in keys:
                values[activation] = sorted(ACT2FN)
        if "position_embedding_type" in keys:
            values["position_embedding_type"] = POSITIONS
        if "summary_type" in keys:
            values["summary_type"] = SUMMARIES
        module = __import__(f"transformers.models.{MODULES[family]}.modeling_{MODULES[family]}", fromlist=["x"])
        stem = name.removesuffix("Config")
        values["architectures"] = sorted(
            n for n in dir(module) if re.fullmatch(stem + r"(Model|For\w+(?<!Output)|LMHeadModel|DoubleHeadsModel)", n))
        result[family] = {"keys": keys, "values": values}
    try:
        from transformers.modeling_rope_utils import RopeParameters
        rope = dict.fromkeys([*RopeParameters.__annotations__, "type"])
    except ImportError:
        rope = {}
    result["rope"] = {
        "keys": rope, "values": {"rope_type": sorted({"default", *ROPE_INIT_FUNCTIONS}), "truncate": [False, True]}}
    return result


def gguf_lists():
    """Keys of a GGUF header, and the closed sets among their values."""
    import gguf

    def constants(space):
        for name, value in vars(space).items():
            if isinstance(value, str) and not name.startswith("_"):
                yield value.replace("{arch}", "llama")
            elif isinstance(value, type):
                yield from constants(value)

    keys = dict.fromkeys(constants(gguf.constants.Keys))
    # llama.cpp reads this older name too; the others are what its tools and common converters note.
    keys.update(dict.fromkeys(["llama.rope.scale_linear", "quantize.imatrix.file", "quantize.imatrix.dataset",
                               "quantize.imatrix.entries_count", "quantize.imatrix.chunks_count"]))
    values = {
        "general.type": [v for k, v in sorted(vars(gguf.constants.GGUFType).items()) if k.isupper()],
        "llama.rope.scaling.type": [v.value for v in gguf.constants.RopeScalingType],
        "llama.pooling_type": [v.value for v in gguf.constants.PoolingType],
        "llama.attention.causal": [False, True], "llama.use_parallel_residual": [False, True],
    }
    return {"version": "", "gguf": {"keys": keys, "values": values}}


def literals(path, *names):
    """Class-level lists, tuples and dictionaries of a source file, without importing it."""
    found = {}
    with open(path) as file:
        for node in ast.walk(ast.parse(file.read())):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name) and target.id in names and getattr(node, "value", None):
                    try:
                        found.setdefault(target.id, ast.literal_eval(node.value))
                    except ValueError:
                        pass
    return found


def sentence_lists(folder):
    """Keys of sentence-transformers' files, read out of its sources."""
    package = os.path.join(folder, "sentence_transformers")
    pooling = literals(f"{package}/sentence_transformer/modules/pooling.py", "config_keys", "config_key_renames",
                       "_LEGACY_POOLING_MODE_KWARGS", "POOLING_MODES")
    transformer = literals(f"{package}/base/modules/transformer.py", "config_keys")
    kinds = set()
    for root, _, files in os.walk(package):
        if os.path.basename(root) == "modules":
            for name in files:
                with open(os.path.join(root, name)) as file:
                    kinds |= {n.name for n in ast.parse(file.read()).body if isinstance(n, ast.ClassDef)}
    kinds = {k for k in kinds if not k.startswith("_") and not k.endswith(("Error", "Warning", "Output", "Kwargs"))}
    legacy = pooling["_LEGACY_POOLING_MODE_KWARGS"]
    return {
        "modules.json": {"keys": dict.fromkeys(["idx", "name", "path", "type", "kwargs"]),
                         "values": {"type": sorted(kinds)}},
        "1_Pooling/config.json": {
            "keys": dict.fromkeys([*pooling["config_keys"], *pooling["config_key_renames"], *legacy]),
            "values": {"pooling_mode": list(pooling["POOLING_MODES"]), "include_prompt": [False, True],
                       **{k: [False, True] for k in legacy}}},
        "sentence_bert_config.json": {
            "keys": dict.fromkeys([*transformer["config_keys"], "max_seq_length", "do_lower_case", "model_args",
                                   "tokenizer_args", "config_args", "model_kwargs", "processor_kwargs",
                                   "config_kwargs"]),
            "values": {"do_lower_case": [False, True], "unpad_inputs": [False, True]}},
        "config_sentence_transformers.json": {
            "keys": dict.fromkeys(["__version__", "model_type", "prompts", "default_prompt_name",
                                   "similarity_fn_name", "truncate_dim"]),
            "values": {"similarity_fn_name": ["cosine", "dot", "euclidean", "manhattan"]}},
    }


def merged(lists, more):
    """Both lists' keys and values; where both say something, the first."""
    for file, entry in more.items():
        if not isinstance(entry, dict):
            continue
        own = lists.setdefault(file, {"keys": {}, "values": {}})
        own["keys"] = dict(sorted({**entry["keys"], **own["keys"]}.items()))
        for key, values in entry["values"].items():
            own["values"][key] = own["values"].get(key, []) + [
                v for v in values if v not in own["values"].get(key, [])]
    return lists


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--older")
    parser.add_argument("--sentence-transformers")
    parser.add_argument("--print", action="store_true", help="the lists of the importable Transformers alone")
    options = parser.parse_args()
    lists = transformers_lists()
    if options.print:
        return print(json.dumps(lists, default=str))
    merged(lists, gguf_lists())
    if options.older:
        older = json.loads(subprocess.run(
            [sys.executable, os.path.abspath(__file__), "--print"], check=True, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": options.older}).stdout)
        lists["version"] += ", " + older["version"]
        merged(lists, older)
    if options.sentence_transformers:
        merged(lists, sentence_lists(options.sentence_transformers))
    if os.path.exists(TARGET):
        with open(TARGET) as file:
            earlier = json.load(file)
        if not options.older:
            lists["version"] = earlier["version"]
        merged(lists, earlier)
    with open(TARGET, "w") as file:
        json.dump(lists, file, indent=1, sort_keys=True, default=str)
        file.write("\n")


if __name__ == "__main__":
    main()
