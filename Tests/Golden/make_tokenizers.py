"""Writes the fixtures of the tokenizers: tiny trained ones, and what the references make of texts.

    make_tokenizers.py [--train] --minilm FOLDER --smollm2 FILE.gguf --gpt2 FOLDER --imdb test.jsonl.gz

The tiny tokenizers stay as they are unless `--train` makes new ones. For reviews only a count and a checksum of the ids are written, never their text.
"""

import argparse
import gzip
import io
import json
from pathlib import Path

import gguf
import sentencepiece
from checksums import counted
from hard_cases import CASES, PAIRS
from made_up_text import sentences
from sentencepiece import sentencepiece_model_pb2 as pieces
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers import processors, trainers
from tokenizers.implementations import BertWordPieceTokenizer

fixtures = Path(__file__).parent / "fixtures"
tiny = fixtures / "tokenizers"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class Reference:
    """A `tokenizers` tokenizer without its own truncation and padding."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()

    def plain(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def whole(self, text):
        return self.tokenizer.encode(text).ids

    def pair(self, first, second):
        encoded = self.tokenizer.encode(first, second)
        return [encoded.ids, encoded.type_ids]

    def decode(self, ids, skip):
        return self.tokenizer.decode(ids, skip_special_tokens=skip)


def write(name, reference, reviews=()):
    golden = {
        "plain": [reference.plain(text) for text in CASES],
        "whole": [reference.whole(text) for text in CASES],
        "pairs": [reference.pair(*pair) for pair in PAIRS],
        "decoded": [reference.decode(reference.whole(text), False) for text in CASES],
        "skipped": [reference.decode(reference.whole(text), True) for text in CASES],
    }
    if reviews:
        golden["reviews"] = [counted(reference.whole(text)) for text in reviews]
    path = fixtures / f"tokens-{name}.json"
    path.write_text(json.dumps(golden, separators=(",", ":")).replace("],[", "],\n[") + "\n")


def byte_level_from_gguf(path):
    fields = gguf.GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    types = fields["tokenizer.ggml.token_type"].contents()
    tokenizer = Tokenizer(models.BPE({token: id for id, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([token for token, kind in zip(tokens, types) if kind == 3])
    return tokenizer


def gpt2(folder):
    tokenizer = Tokenizer(models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def cased_word_piece():
    path = tiny / "cased-wordpiece" / "tokenizer.json"
    if path.exists() and not arguments.train:
        return Tokenizer.from_file(str(path))
    tokenizer = BertWordPieceTokenizer(lowercase=False, strip_accents=False)
    tokenizer.train_from_iterator(sentences(3000), vocab_size=700, min_frequency=1, show_progress=False)
    sep, cls = (tokenizer.token_to_id(token) for token in ("[SEP]", "[CLS]"))
    tokenizer._tokenizer.post_processor = processors.BertProcessing(("[SEP]", sep), ("[CLS]", cls))
    folder = tiny / "cased-wordpiece"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    tokenizer.save_model(str(folder))
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}\n')
    return tokenizer._tokenizer


def trained(name, make):
    folder = tiny / name
    if (folder / "tokenizer.json").exists() and not arguments.train:
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer = make()
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    return tokenizer


def llama_legacy(metaspace=False):
    """LLaMA 1 and 2: characters with byte fallback; spaces by normalizer or by Metaspace."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if metaspace:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False)
    else:
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
        )
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=900, special_tokens=special, max_token_length=12, show_progress=False
    )
    # Trained word by word, as SentencePiece does; used on whole texts.
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True)
    trained.train_from_iterator(sentences(2000), trainer)
    model = json.loads(trained.to_str())["model"]
    merges = [tuple(m) for m in model["merges"]]
    tokenizer.model = models.BPE(model["vocab"], merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.add_tokens(
        [AddedToken("<extra>", lstrip=True, rstrip=True, normalized=False),
         AddedToken("<word>", single_word=True, normalized=True)]
    )  # fmt: skip
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)]
    )
    tokenizer.decoder = (
        decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        )
        if not metaspace
        else decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace("▁", prepend_scheme="first")])
    )
    return tokenizer


def llama3():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LLAMA3), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=700, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(sentences(2000), trainer)
    # A token that no merge makes: only `ignore_merges` finds it.
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(m) for m in model["merges"] if m[0] + m[1] not in ("Ġthe", "running")]
    known = set(model["vocab"])
    merges = [m for m in merges if m[0] in known and m[1] in known]
    tokenizer.model = models.BPE(model["vocab"], merges, ignore_merges=True)
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|endoftext|>"])
    bos = tokenizer.token_to_id("<|begin_of_text|>")
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
                special_tokens=[("<|begin_of_text|>", bos)],
            ),
        ]
    )  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


class SentencePieceReference:
    """SentencePiece itself, for the `llama` tokenizer that GGUF files carry."""

    def __init__(self, processor):
        self.processor = processor

    def plain(self, text):
        # It does not know special tokens in a text; models are used with tokenizers that do.
        return None if "<s>" in text or "</s>" in text else self.processor.encode(text)

    def whole(self, text):
        ids = self.plain(text)
        return ids and [1] + ids if ids != [] else [1]

    def pair(self, first, second):
        ids = [self.whole(first), self.whole(second)]
        if None in ids:
            return None
        return [ids[0] + ids[1], [0] * len(ids[0]) + [1] * len(ids[1])]

    def decode(self, ids, skip):
        return ids and self.processor.decode(ids)


def sentence_piece():
    """Trains a tiny SentencePiece BPE and writes it as GGUF's keys and values."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=sentences(2000), model_writer=model, vocab_size=800, model_type="bpe",
        byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True, split_digits=True, minloglevel=2,
    )  # fmt: skip
    proto = pieces.ModelProto.FromString(model.getvalue())
    keys = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [piece.piece for piece in proto.pieces],
        "tokenizer.ggml.scores": [piece.score for piece in proto.pieces],
        "tokenizer.ggml.token_type": [piece.type for piece in proto.pieces],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
    }
    (tiny / "sentencepiece-gguf.json").write_text(json.dumps(keys) + "\n")
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def reviews(path, count=1000):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line, _ in zip(lines, range(count))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--minilm", type=Path)
    parser.add_argument("--smollm2", type=Path)
    parser.add_argument("--gpt2", type=Path)
    parser.add_argument("--imdb", type=Path)
    arguments = parser.parse_args()
    texts = reviews(arguments.imdb) if arguments.imdb else []
    write("cased-wordpiece", Reference(cased_word_piece()), texts)
    write("llama", Reference(trained("llama", llama_legacy)), texts)
    write("llama-metaspace", Reference(trained("llama-metaspace", lambda: llama_legacy(metaspace=True))), texts)
    write("llama3", Reference(trained("llama3", llama3)), texts)
    write("sentencepiece", SentencePieceReference(sentence_piece()), texts)
    if arguments.minilm:
        path = arguments.minilm / "tokenizer.json"
        write("minilm", Reference(Tokenizer.from_file(str(path))), texts)
    if arguments.smollm2:
        write("smollm2", Reference(byte_level_from_gguf(arguments.smollm2)), texts)
    if arguments.gpt2:
        write("gpt2", Reference(gpt2(arguments.gpt2)), texts)
