"""A checkpoint in the shape of LLaMA-2-7B with random Q4_0 weights, and LoRA steps on it.

    python Benchmarks/big_model.py                write it (3.8 GB) and take the steps
    python Benchmarks/big_model.py --write-only FILE

The weights mean nothing; their number, their format and the memory they take are what is measured.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np

import floor
import workloads
from bench import LORIKEET, WORK, measure

LAYERS, WIDTH, INNER, HEADS, CONTEXT, VOCABULARY = 32, 4096, 11008, 32, 4096, 32000
F32, Q4_0 = 0, 2  # numbers of formats in GGUF
BLOCK, BLOCK_BYTES = 32, 18
ALIGNMENT = 32
STRING, ARRAY, UINT32, FLOAT32, INT32 = 8, 9, 4, 6, 5


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key, kind, packed):
    return text(key) + struct.pack("<I", kind) + packed


def array(kind, packed):
    return struct.pack("<IQ", kind, len(packed)) + b"".join(packed)


def metadata():
    whole = {
        "llama.block_count": LAYERS, "llama.context_length": CONTEXT, "llama.embedding_length": WIDTH,
        "llama.feed_forward_length": INNER, "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": HEADS, "llama.rope.dimension_count": WIDTH // HEADS,
        "llama.vocab_size": VOCABULARY, "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0, "general.alignment": ALIGNMENT,
    }
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokens += [f"▁word{index}" for index in range(VOCABULARY - len(tokens))]
    kinds = [2, 3, 3] + [6] * 256 + [1] * (VOCABULARY - 259)
    entries = [
        entry("general.architecture", STRING, text("llama")),
        entry("general.name", STRING, text("random, in the shape of LLaMA-2-7B")),
        *(entry(key, UINT32, struct.pack("<I", value)) for key, value in whole.items()),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT32, struct.pack("<f", 1e-5)),
        entry("tokenizer.ggml.model", STRING, text("llama")),
        entry("tokenizer.ggml.tokens", ARRAY, array(STRING, [text(token) for token in tokens])),
        entry("tokenizer.ggml.scores", ARRAY, array(FLOAT32, [struct.pack("<f", -i) for i in range(VOCABULARY)])),
        entry("tokenizer.ggml.token_type", ARRAY, array(INT32, [struct.pack("<i", kind) for kind in kinds])),
    ]
    return entries


def tensors():
    """Name, shape (innermost first, as GGUF has it) and format of every tensor."""
    yield "token_embd.weight", (WIDTH, VOCABULARY), Q4_0
    for layer in range(LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"blk.{layer}.{name}.weight", (WIDTH, WIDTH), Q4_0
        yield f"blk.{layer}.ffn_gate.weight", (WIDTH, INNER), Q4_0
        yield f"blk.{layer}.ffn_up.weight", (WIDTH, INNER), Q4_0
        yield f"blk.{layer}.ffn_down.weight", (INNER, WIDTH), Q4_0
        yield f"blk.{layer}.attn_norm.weight", (WIDTH,), F32
        yield f"blk.{layer}.ffn_norm.weight", (WIDTH,), F32
    yield "output_norm.weight", (WIDTH,), F32
    yield "output.weight", (WIDTH, VOCABULARY), Q4_0


def size_of(shape, kind):
    count = int(np.prod(shape))
    return count * 4 if kind == F32 else count // BLOCK * BLOCK_BYTES


def values(shape, kind, random):
    """The bytes of a tensor, a few megabytes at a time."""
    if kind == F32:
        yield np.ones(shape, "<f4").tobytes()
        return
    blocks = int(np.prod(shape)) // BLOCK
    # Four bits are spread evenly over -8 ... 7: this scale gives the spread of a trained matrix.
    scale = np.frombuffer(np.float16(0.02 / 4.6).tobytes(), np.uint8)
    for start in range(0, blocks, 1 << 18):
        part = random.integers(0, 256, (min(1 << 18, blocks - start), BLOCK_BYTES), np.uint8)
        part[:, :2] = scale
        yield part.tobytes()


def padding(position):
    return b"\0" * (-position % ALIGNMENT)


def write(path):
    listed, entries = list(tensors()), metadata()
    header = [b"GGUF", struct.pack("<IQQ", 3, len(listed), len(entries)), *entries]
    offset = 0
    for name, shape, kind in listed:
        header.append(text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape) + struct.pack("<IQ", kind, offset))
        offset += size_of(shape, kind)
        offset += -offset % ALIGNMENT
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    unfinished = path.with_suffix(".part")
    with open(unfinished, "wb") as file:
        file.write(b"".join(header))
        file.write(padding(file.tell()))
        for _, shape, kind in listed:
            for part in values(shape, kind, random):
                file.write(part)
            file.write(padding(file.tell()))
    unfinished.rename(path)


def steps(path, threads, count):
    """LoRA steps of 2 x 256 tokens; prints speed, memory and the share of the peak."""
    work = path.parent
    made = workloads.workload("long", "llama", 2, batches=(1, count, 1), length=256)
    for part in ("warmup", "train", "test"):
        for example in made[part]:
            example["ids"] = [identifier % VOCABULARY for identifier in example["ids"]]
    made["answers"] = [answer % VOCABULARY for answer in made["answers"]]
    made["vocabulary"] = VOCABULARY
    job = {
        "model": str(path), "task": "causal", "method": "lora", "batch": 2, "epochs": 1, "threads": threads,
        "workload": str(workloads.write(work / "big.json", made)), "seed": 42, "learning_rate": 1e-4,
        "dropout": "off", "precision": "native",
    }
    (work / "big-job.json").write_text(json.dumps(job, indent=1))
    figures = measure([str(LORIKEET), "bench", str(work / "big-job.json")])
    if figures is None:
        raise SystemExit("the steps failed")
    block = 4 * WIDTH * WIDTH + 3 * WIDTH * INNER
    shape = floor.Shape(LAYERS, WIDTH, block, WIDTH * VOCABULARY, True)
    needed = floor.training(shape, "lora", [len(e["ids"]) for e in made["train"]], 1)
    share = needed / figures["train_seconds"] / figures["sgemm_gflops"] / 1e9
    print(
        f"LLaMA-2-7B shape, Q4_0, LoRA r=8, 2 x 256 tokens a step: {figures['train_tokens_per_second']:.1f} tokens/s, "
        f"{figures['peak_rss_mb'] / 1024:.2f} GiB resident, {share:.0%} of {figures['sgemm_gflops']:.0f} GFLOP/s"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write-only", metavar="FILE")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=3)
    options = parser.parse_args()
    if options.write_only:
        write(Path(options.write_only))
        return
    path = WORK / "models/llama-2-7b-shape.gguf"
    if not path.exists():
        print("writing the checkpoint", flush=True)
        write(path)
    steps(path, options.threads, options.steps)


if __name__ == "__main__":
    main()
