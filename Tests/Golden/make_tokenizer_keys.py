"""Writes tokenizer-keys.json: every key of the files that tokenizers come in, as the libraries have them.

- tokenizer.json: an example of every kind of part that the `tokenizers` package serialises, and every value of the closed sets.
- tokenizer_config.json: the parameters of Transformers' base class and of the classes for BERT, GPT-2 and LLaMA, what they write, and every class by what it does beside a tokenizer.json.
- GGUF headers: the `tokenizer.*` keys of the `gguf` package, with its names of models and token types.
"""

import argparse
import inspect
import json
import os
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import gguf  # noqa: E402
import transformers  # noqa: E402
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers  # noqa: E402
from tokenizers import pre_tokenizers, processors  # noqa: E402
from transformers.models.auto import tokenization_auto  # noqa: E402

fixtures = Path(__file__).parent / "fixtures"
BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
SCHEMES = ["first", "always", "never"]
# It is made of a SentencePiece model alone.
PRECOMPILED = {"type": "Precompiled", "precompiled_charsmap": "AAAA"}
BASES = {"Normalizer", "PreTokenizer", "Model", "PostProcessor", "Decoder", "DecodeStream"}


def examples():
    """Parts by their place in the file; those with closed sets once for each value."""
    cls, sep = ("[CLS]", 1), ("[SEP]", 2)
    yield "normalizer", normalizers, [
        normalizers.BertNormalizer(), normalizers.BertNormalizer(strip_accents=True), normalizers.ByteLevel(),
        normalizers.Lowercase(), normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD(),
        normalizers.Nmt(), PRECOMPILED, normalizers.Prepend("x"),
        normalizers.Replace("a", "b"), normalizers.Replace(Regex("a+"), "b"),
        normalizers.Sequence([normalizers.NFC()]), normalizers.Strip(), normalizers.StripAccents(),
    ]  # fmt: skip
    yield "pre_tokenizer", pre_tokenizers, [
        pre_tokenizers.BertPreTokenizer(), pre_tokenizers.ByteLevel(), pre_tokenizers.CharDelimiterSplit("-"),
        pre_tokenizers.Digits(), pre_tokenizers.FixedLength(4),
        *(pre_tokenizers.Metaspace(prepend_scheme=scheme) for scheme in SCHEMES),
        *(pre_tokenizers.Punctuation(behavior) for behavior in BEHAVIORS),
        pre_tokenizers.Sequence([pre_tokenizers.Digits()]),
        *(pre_tokenizers.Split(" ", behavior) for behavior in BEHAVIORS),
        *(pre_tokenizers.Split(" ", behavior, invert=True) for behavior in BEHAVIORS),
        pre_tokenizers.Split(Regex("a+"), "isolated"), pre_tokenizers.UnicodeScripts(),
        pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit(),
    ]  # fmt: skip
    yield "model", models, [
        models.BPE({"a": 0}, []), models.BPE({"a": 0}, [], dropout=0.5),
        models.BPE({"a": 0}, [], continuing_subword_prefix="##", end_of_word_suffix="</w>"),
        models.Unigram([("a", 0.0)], 0), models.WordLevel({"a": 0}, "a"), models.WordPiece({"a": 0}, unk_token="a"),
    ]  # fmt: skip
    yield "post_processor", processors, [
        processors.BertProcessing(sep, cls), processors.ByteLevel(), processors.RobertaProcessing(sep, cls),
        processors.Sequence([processors.ByteLevel()]),
        processors.TemplateProcessing("[CLS] $A", "[CLS] $A $B", special_tokens=[cls]),
    ]  # fmt: skip
    yield "decoder", decoders, [
        decoders.BPEDecoder(), decoders.ByteFallback(), decoders.ByteLevel(), decoders.CTC(), decoders.Fuse(),
        *(decoders.Metaspace(prepend_scheme=scheme) for scheme in SCHEMES), decoders.Replace("a", "b"),
        decoders.Replace(Regex("a+"), "b"), decoders.Sequence([decoders.Fuse()]), decoders.Strip(" ", 1, 0),
        decoders.WordPiece(),
    ]  # fmt: skip


def tokenizer_json():
    tokenizer = Tokenizer(models.BPE({"a": 0}, []))
    tokenizer.add_tokens([AddedToken("b")])
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding()
    whole = json.loads(tokenizer.to_str())
    parts = {}
    for place, module, made in examples():
        attribute = "pre_tokenizer" if place == "pre_tokenizer" else place
        found = []
        for part in made:
            if isinstance(part, dict):
                found.append(part)
                continue
            holder = Tokenizer(models.BPE({"a": 0}, []))
            setattr(holder, attribute, part)
            found.append(json.loads(holder.to_str())[place])
        known = {name for name, it in vars(module).items() if inspect.isclass(it)} - BASES
        missing = known - {each["type"] for each in found}
        if missing:
            raise SystemExit(f"{place}: no example of {', '.join(sorted(missing))}")
        parts[place] = found
    return {
        "keys": list(whole), "truncation": list(whole["truncation"]), "padding": list(whole["padding"]),
        "added_token": list(whole["added_tokens"][0]), "parts": parts,
        "directions": ["Left", "Right"],
    }  # fmt: skip


def written_keys():
    """What save_pretrained writes of a tokenizer of each class."""
    keys = set()
    folder = Path(tempfile.mkdtemp())
    for make in (
        lambda: transformers.BertTokenizer(),
        lambda: transformers.GPT2Tokenizer(vocab={"a": 0}, merges=[]),
        lambda: transformers.LlamaTokenizer(vocab={"<unk>": 0, "<s>": 1, "</s>": 2}, merges=[]),
        lambda: transformers.PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE({"a": 0}, []))),
    ):
        make().save_pretrained(folder)
        keys |= set(json.loads((folder / "tokenizer_config.json").read_text()))
    return keys


def read_keys():
    """What the constructors take, by name or by taking it out of their keywords."""
    import re

    base = transformers.PreTrainedTokenizerBase
    fast = transformers.PreTrainedTokenizerFast
    keys = set(base.SPECIAL_TOKENS_ATTRIBUTES)
    for kind in (transformers.BertTokenizer, transformers.GPT2Tokenizer, transformers.LlamaTokenizer):
        keys |= set(inspect.signature(kind.__init__).parameters)
    source = "".join(
        inspect.getsource(it)
        for it in (base.__init__, base._from_pretrained, fast.__init__, fast.convert_to_native_format)
    )
    keys |= set(re.findall(r'kwargs\.(?:pop|get|setdefault)\(\s*"(\w+)"', source))
    keys |= set(re.findall(r'"(\w+)" in (?:init_|local_)?kwargs', source))
    return keys - {"self", "args", "kwargs"}


def class_groups():
    """Every tokenizer class by what it makes of a tokenizer.json."""
    names = {name for name in tokenization_auto.TOKENIZER_MAPPING_NAMES.values() if name}
    names |= {name for name in dir(transformers) if name.endswith(("Tokenizer", "TokenizerFast"))}
    names |= {"PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend"}
    fast = transformers.PreTrainedTokenizerFast
    own = {
        transformers.BertTokenizer: "bert", transformers.GPT2Tokenizer: "gpt2",
        transformers.LlamaTokenizer: "llama", fast: "fast",
    }  # fmt: skip
    groups = {}
    for name in sorted(names - {"AutoTokenizer"}):
        try:
            found = tokenization_auto.tokenizer_class_from_name(name)
        except Exception:
            found = None
        if getattr(found, "__name__", "") == "PythonBackend":
            found = fast
        groups.setdefault(own.get(found, "other"), []).append(name)
    return groups


def gguf_keys():
    tokens = {name: value for name, value in vars(gguf.Keys.Tokenizer).items() if not name.startswith("_")}
    special = [f"tokenizer.ggml.add_{name}_token" for name in ("bos", "eos", "sep")]
    return {
        "keys": sorted({*tokens.values(), *special}),
        "token_types": [kind.name for kind in gguf.TokenType],
    }


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    keys = {
        "tokenizer.json": tokenizer_json(),
        "tokenizer_config.json": {
            "keys": sorted(written_keys() | read_keys()),
            "added_token": sorted(AddedToken("a").__getstate__()),
            "truncation_side": ["left", "right"],
            "classes": class_groups(),
        },
        "gguf": gguf_keys(),
    }
    (fixtures / "tokenizer-keys.json").write_text(json.dumps(keys, indent=1) + "\n")
