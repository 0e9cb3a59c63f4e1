"""Golden files of what `export gguf` writes.

    python make_gguf.py --llama-cpp FOLDER

FOLDER is llama.cpp's source, of which its own converter is run: the sdist of llama-cpp-python 0.3.36 has it under
vendor/llama.cpp. Writes

- fixtures/gguf/packing.safetensors: random values and what gguf-py's reference quantisers make of them;
- fixtures/gguf/NAME/: a tiny model with a byte-level tokenizer, and expected.json: what the converter writes of it, the
  header whole and of each tensor shape, type and SHA-256, for f32, f16 and q8_0.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy
from gguf import GGMLQuantizationType, GGUFReader, quants
from safetensors.numpy import save_file

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "gguf")
TEXT = ["the cat sat on the mat and the dog sat on the log", "it's 1999, don't! 3.14 apples", "naïve façade 工作 🦙",
        "one two three four five six seven eight nine ten", "    indented = { 'key': [1, 2, 3] }\n\n\tdone"]


def packing():
    """Blocks of all sizes of numbers, with zeros, ties, extremes of either sign and denormal scales."""
    random = numpy.random.default_rng(16)
    rows = [random.normal(0, 10.0 ** random.integers(-6, 4), 32) for _ in range(200)]
    rows += [numpy.zeros(32), numpy.full(32, -3.0), numpy.full(32, 1e-30), numpy.arange(32) - 16.0,
             (numpy.arange(32) - 15.5) / 127, numpy.where(numpy.arange(32) == 5, 1e-4, 1e-7),
             numpy.where(numpy.arange(32) == 31, -8.0, 7.5), numpy.arange(32) * 0.5 - 8,
             numpy.linspace(-6e-5, 6e-5, 32), numpy.linspace(-7e-8, 7e-8, 32)]
    values = numpy.stack(rows).astype(numpy.float32)
    packed = {"values": values}
    for name in ["F16", "Q8_0", "Q4_0"]:
        made = quants.quantize(values, GGMLQuantizationType[name])
        packed[name.lower()] = numpy.frombuffer(made.tobytes(), numpy.uint8).copy()
    save_file(packed, os.path.join(HERE, "packing.safetensors"))


def tokenizer(folder, kind):
    """A byte-level BPE of 300 tokens and two special ones; 310 rows of the model, so that some have no token."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    made = Tokenizer(models.BPE())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.pre_tokenizer = {
        "gpt-2": byte_level,
        "smollm": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level]),
    }[kind]
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|end|>", "<|start|>"])
    made.train_from_iterator(TEXT, trainer)
    made.add_tokens([AddedToken("<tool>", special=False, normalized=False)])
    if kind == "smollm":
        made.post_processor = processors.TemplateProcessing(
            single="<|start|> $A", pair="<|start|> $A <|start|> $B", special_tokens=[("<|start|>", 1)])
    made.save(os.path.join(folder, "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|start|>", "eos_token": "<|end|>",
              "unk_token": "<|end|>", "clean_up_tokenization_spaces": False,
              "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}"}
    write(os.path.join(folder, "tokenizer_config.json"), config)


def write(path, content):
    with open(path, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


def model(name, kind):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM
    torch.manual_seed(16)
    tokens = dict(bos_token_id=1, eos_token_id=0)
    configs = {
        "llama": lambda: LlamaForCausalLM(LlamaConfig(
            vocab_size=310, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=128, tie_word_embeddings=True, rms_norm_eps=1e-5, **tokens)),
        "llama3": lambda: LlamaForCausalLM(LlamaConfig(
            vocab_size=310, hidden_size=32, intermediate_size=48, num_hidden_layers=1, num_attention_heads=2,
            num_key_value_heads=1, max_position_embeddings=128, tie_word_embeddings=False, attention_bias=True,
            rope_parameters={"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
                             "high_freq_factor": 4.0, "original_max_position_embeddings": 16}, **tokens)),
        "gpt2": lambda: GPT2LMHeadModel(GPT2Config(
            vocab_size=310, n_embd=32, n_layer=2, n_head=2, n_positions=64, n_ctx=64, **tokens)),
    }
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    made = configs[name]()
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))
    made.save_pretrained(folder)
    os.remove(os.path.join(folder, "generation_config.json"))
    tokenizer(folder, kind)
    return folder


def value(field):
    found = field.contents()
    return [round(x, 9) if isinstance(x, float) else x for x in found] if isinstance(found, list) else found


def expected(folder, kind, source):
    """What the converter writes; it is told how the tokenizer cuts, which it otherwise knows by a hash."""
    types = {}
    for name in ["f32", "f16", "q8_0"]:
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "model.gguf")
            code = ("import sys, runpy; sys.path.insert(0, %r); import conversion.base as base\n"
                    "base.TextModel.get_vocab_base_pre = lambda self, tokenizer: %r\n"
                    "sys.argv = ['convert', %r, '--outfile', %r, '--outtype', %r]\n"
                    "runpy.run_path(%r, run_name='__main__')" % (
                        source, kind, folder, path, name, os.path.join(source, "convert_hf_to_gguf.py")))
            subprocess.run([sys.executable, "-c", code], check=True)
            reader = GGUFReader(path)
            tensors = {t.name: {"shape": [int(n) for n in reversed(t.shape)], "type": t.tensor_type.name,
                                "sha256": hashlib.sha256(t.data.tobytes()).hexdigest()} for t in reader.tensors}
            types[name] = tensors
            header = {key: value(field) for key, field in reader.fields.items() if not key.startswith("GGUF.")}
    general = [key for key in header if key.startswith("general.") and key != "general.architecture"]
    for key in general:
        del header[key]
    write(os.path.join(folder, "expected.json"), {"header": header, "tensors": types})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--llama-cpp", required=True)
    source = os.path.abspath(parser.parse_args().llama_cpp)
    os.makedirs(HERE, exist_ok=True)
    packing()
    for name, kind in [("llama", "smollm"), ("llama3", "gpt-2"), ("gpt2", "gpt-2")]:
        expected(model(name, kind), kind, source)


if __name__ == "__main__":
    main()
