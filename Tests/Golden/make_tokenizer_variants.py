"""Writes tokenizer-variants.json: what Transformers makes of texts with the tiny tokenizers' files changed.

Each variant is a tiny tokenizer of `make_tokenizers.py` with other values in tokenizer.json and other files beside it. Its folder is opened as a user opens it, with AutoTokenizer. Of the hard cases there are the count of ids and their checksum, of texts and pairs that are cut to a length the ids themselves.
"""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import transformers  # noqa: E402
from checksums import counted  # noqa: E402
from hard_cases import CASES, PAIRS  # noqa: E402

fixtures = Path(__file__).parent / "fixtures"
LIMITS = [8, 9, 12, 13, 17, 32]
CUT = [
    *((CASES[index], None) for index in (8, 11, 36, 39)),
    *PAIRS, (CASES[36], CASES[39]), (CASES[39], CASES[8]), (CASES[8], CASES[39]),
]  # fmt: skip
BERT = "BertTokenizer"
FAST = "PreTrainedTokenizerFast"


def template(before, after, second_before, second_after, **ids):
    """A TemplateProcessing of special tokens before and after the first and the second text."""

    def special(name, segment):
        return {"SpecialToken": {"id": name, "type_id": segment}}

    def around(before, text, after, segment):
        part = {"Sequence": {"id": text, "type_id": segment}}
        return [special(n, segment) for n in before] + [part] + [special(n, segment) for n in after]

    first = around(before, "A", after, 0)
    return {
        "type": "TemplateProcessing",
        "single": first,
        "pair": first + around(second_before, "B", second_after, 1),
        "special_tokens": {name: {"id": name, "ids": [id], "tokens": [name]} for name, id in ids.items()},
    }


def ends_with_eos(begins=True):
    bos = ["<s>"] if begins else []
    return template(bos, ["</s>"], bos, ["</s>"], **{"<s>": 1, "</s>": 2})


def variant(name, base, model=None, config=None, files=None, without=(), cut=False, **tokenizer):
    """`tokenizer` has the changed keys of tokenizer.json; `model__KEY` those of its model."""
    files = dict(files or {})
    if model:
        files["config.json"] = {"model_type": model}
    if config is not None:
        files["tokenizer_config.json"] = config
    return {"name": name, "base": base, "files": files, "without": list(without), "tokenizer": tokenizer, "cut": cut}


def cut_variants():
    left = {"tokenizer_class": FAST, "truncation_side": "left"}
    yield variant("bert", "cased-wordpiece", "bert", {"tokenizer_class": BERT, "do_lower_case": False})
    yield variant(
        "bert-left", "cased-wordpiece", "bert",
        {"tokenizer_class": BERT, "do_lower_case": False, "truncation_side": "left"},
    )  # fmt: skip
    yield variant("bert-without-segments", "cased-wordpiece", "bert", {"tokenizer_class": FAST})
    yield variant("nothing-around", "llama3", "llama", {"tokenizer_class": FAST}, post_processor=None)
    yield variant("nothing-around-left", "llama3", "llama", left, post_processor=None)
    yield variant("begins", "llama", "llama", {"tokenizer_class": FAST})
    yield variant(
        "begins-and-ends", "llama", "llama", {"tokenizer_class": FAST}, post_processor=ends_with_eos()
    )
    yield variant("begins-and-ends-left", "llama", "llama", left, post_processor=ends_with_eos())
    yield variant("ends", "llama", "llama", {"tokenizer_class": FAST}, post_processor=ends_with_eos(False))
    yield variant(
        "cut-as-the-file-says", "llama", "llama", {"tokenizer_class": FAST},
        truncation={"direction": "Left", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
        padding={
            "strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
            "pad_type_id": 0, "pad_token": "<unk>",
        },
    )  # fmt: skip


def class_variants():
    """Keys of tokenizer_config.json beside a tokenizer.json, by the class that reads them."""
    fast, bert, gpt2, llama = FAST, BERT, "GPT2Tokenizer", "LlamaTokenizer"
    for name, base, model, config in [
        ("bert-by-family", "cased-wordpiece", "bert", None),
        ("bert-lower", "cased-wordpiece", "bert", {"tokenizer_class": bert, "do_lower_case": True}),
        ("bert-accents", "cased-wordpiece", "bert",
         {"tokenizer_class": "BertTokenizerFast", "do_lower_case": True, "strip_accents": False}),
        ("bert-cased-no-accents", "cased-wordpiece", "bert",
         {"tokenizer_class": bert, "do_lower_case": False, "strip_accents": True}),
        ("bert-chinese", "cased-wordpiece", "bert",
         {"tokenizer_class": bert, "do_lower_case": False, "tokenize_chinese_chars": False}),
        ("bert-other-tokens", "cased-wordpiece", "bert",
         {"tokenizer_class": bert, "do_lower_case": False, "cls_token": "[MASK]", "sep_token": "[PAD]"}),
        ("fast-lower", "cased-wordpiece", "bert", {"tokenizer_class": fast, "do_lower_case": True}),
        ("gpt2", "llama3", "gpt2", {"tokenizer_class": gpt2}),
        ("gpt2-by-family", "llama3", "gpt2", None),
        ("gpt2-prefix", "llama3", "gpt2", {"tokenizer_class": gpt2, "add_prefix_space": True}),
        ("gpt2-named-by-llama", "llama3", "llama", {"tokenizer_class": "GPT2TokenizerFast"}),
        ("fast-prefix", "llama3", "llama", {"tokenizer_class": fast, "add_prefix_space": True}),
        ("fast-begins", "llama", "llama",
         {"tokenizer_class": fast, "add_bos_token": False, "add_eos_token": True, "eos_token": "</s>"}),
        ("llama", "llama", "llama", {"tokenizer_class": llama}),
        ("llama-legacy", "llama", "llama", {"tokenizer_class": llama, "legacy": True}),
        ("llama-no-prefix", "llama", "llama", {"tokenizer_class": llama, "add_prefix_space": False}),
        ("llama-of-bytes", "llama3", "llama", {"tokenizer_class": llama}),
        ("llama-by-family", "llama", "llama", None),
        ("split-special", "llama", "llama", {"tokenizer_class": fast, "split_special_tokens": True}),
        ("new-tokens", "llama", "llama",
         {"tokenizer_class": fast, "pad_token": "<pad>", "mask_token": "the", "image_token": "emoji",
          "additional_special_tokens": ["kebab", "camel"]}),
        ("token-flags", "llama", "llama",
         {"tokenizer_class": fast, "added_tokens_decoder": {
             "900": {"content": "<extra>", "lstrip": False, "rstrip": False, "single_word": False,
                     "normalized": True, "special": True},
             "905": {"content": "case", "lstrip": True, "rstrip": False, "single_word": True,
                     "normalized": False, "special": False}}}),
    ]:  # fmt: skip
        yield variant(name, base, model, config)
    yield variant(
        "map", "llama", "llama", {"tokenizer_class": fast, "pad_token": "x"},
        files={
            "special_tokens_map.json": {"pad_token": {"content": "<pad>", "lstrip": True, "rstrip": False,
                                                      "single_word": False, "normalized": False}},
            "added_tokens.json": {"snake": 910, "dot": 911},
        },
    )  # fmt: skip
    yield variant("no-configuration", "llama3", "llama", None)


def part_variants():
    """Values of tokenizer.json's parts."""

    def steps(*first):
        bytes = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
        return {"type": "Sequence", "pretokenizers": [*first, bytes]}

    expression = (
        r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    )
    for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
        yield variant(
            f"punctuation-{behavior}", "llama3", "llama",
            pre_tokenizer=steps({"type": "Punctuation", "behavior": behavior}),
        )  # fmt: skip
        for invert in (False, True):
            for name, pattern in (("space", {"String": " "}), ("gpt2", {"Regex": expression})):
                split = {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}
                inverted = "-inverted" if invert else ""
                yield variant(
                    f"{name}-{behavior}{inverted}", "llama3", "llama", pre_tokenizer=steps(split)
                )
    for single in (False, True):
        digits = {"type": "Digits", "individual_digits": single}
        yield variant(f"digits-{single}", "llama3", "llama", pre_tokenizer=steps(digits))
    for scheme in ("first", "always", "never"):
        for split in (False, True):
            yield variant(
                f"metaspace-{scheme}-{split}", "llama-metaspace", "llama",
                pre_tokenizer={
                    "type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": split,
                },
            )  # fmt: skip
    yield variant("unfused", "llama", "llama", model__fuse_unk=False, model__byte_fallback=False)
    yield variant("fused", "llama", "llama", model__byte_fallback=False)
    yield variant("merges-everything", "llama3", "llama", model__ignore_merges=False)
    yield variant(
        "short-words", "cased-wordpiece", "bert", {"tokenizer_class": FAST}, model__max_input_chars_per_word=5
    )
    for normalizer in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"):
        yield variant(normalizer, "llama3", "llama", normalizer={"type": normalizer})


def variants():
    yield from ({**each, "cut": True} for each in cut_variants())
    yield from class_variants()
    yield from part_variants()


def folder_of(variant, root):
    folder = root / variant["name"]
    folder.mkdir()
    path = fixtures / "tokenizers" / variant["base"] / "tokenizer.json"
    tokenizer = json.loads(path.read_text())
    for key, value in variant["tokenizer"].items():
        if key.startswith("model__"):
            tokenizer["model"][key.removeprefix("model__")] = value
        else:
            tokenizer[key] = value
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    for name, content in variant["files"].items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    for name in variant["without"]:
        (folder / name).unlink()
    return folder


def cuts(tokenizer):
    """Some texts and pairs, each cut to each length: ids, and segments where there are some."""
    found = []
    for first, second in CUT:
        for limit in LIMITS:
            # As a list: a single pair whose second text is empty would be taken for a single text.
            encoded = tokenizer(
                [first], [second] if second is not None else None, truncation=True, max_length=limit
            )
            segments = encoded.get("token_type_ids", [[]])[0]
            found.append([encoded["input_ids"][0], segments if any(segments) else []])
    return found


def golden(variant, root):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder_of(variant, root))
    whole = [counted(tokenizer(text)["input_ids"]) for text in CASES]
    return {**variant, "whole": whole, "cuts": cuts(tokenizer) if variant["cut"] else []}


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    root = Path(tempfile.mkdtemp())
    lines = [json.dumps(golden(each, root), separators=(",", ":")) for each in variants()]
    head = json.dumps({"limits": LIMITS, "cut": CUT})[:-1]
    text = head + ', "variants": [\n' + ",\n".join(lines) + "\n]}\n"
    (fixtures / "tokenizer-variants.json").write_text(text)
    shutil.rmtree(root)
