"""Writes the fixtures of the checkpoint readers: every stored format beside its reference values."""

from pathlib import Path

import gguf
import numpy as np
from gguf.quants import dequantize
from safetensors.numpy import save_file

fixtures = Path(__file__).parent / "fixtures"
random = np.random.default_rng(20)
BLOCKS = "Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q2_K Q3_K Q4_K Q5_K Q6_K".split()
TABLES = "IQ1_S IQ1_M IQ2_XXS IQ2_XS IQ2_S IQ3_XXS IQ3_S IQ4_NL IQ4_XS TQ1_0 TQ2_0 MXFP4 NVFP4".split()
# Where a block's halves (scale, minimum) lie, in bytes.
HALVES = {
    "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ1_S": [0], "IQ1_M": [], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0],
    "IQ4_NL": [0], "IQ4_XS": [0], "TQ1_0": [52], "TQ2_0": [64], "MXFP4": [], "NVFP4": [],
}  # fmt: skip


def finite_halves(count, random=random):
    """Halves of every size, subnormal ones and zeros of both signs too."""
    bits = random.integers(0, 1 << 16, size=count, dtype=np.uint16)
    bits = np.where(bits & 0x7C00 == 0x7C00, bits & 0x83FF, bits)
    bits[:2] = [0x0000, 0x8000]
    return bits.astype(np.uint16)


def blocks(name, rows, width, random=random):
    kind = gguf.GGMLQuantizationType[name]
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    raw = random.integers(0, 256, size=(rows * width // elements, size), dtype=np.uint8)
    for offset in HALVES[name]:
        raw[:, offset : offset + 2] = finite_halves(len(raw), random).view(np.uint8).reshape(-1, 2)
    if name == "IQ1_M":
        raw[:, 55] &= 0xBF  # its half lies in pieces: no infinity
    return kind, raw.reshape(rows, -1)


def formats():
    writer = gguf.GGUFWriter(fixtures / "formats.gguf", "lorikeet-test")
    writer.add_string("test.text", "ünï ▁😀")
    writer.add_uint32("test.count", 7)
    writer.add_float32("test.ratio", 0.25)
    writer.add_bool("test.flag", True)
    writer.add_uint64("test.huge", 2**63 + 5)
    writer.add_int64("test.least", -(2**63))
    writer.add_array("test.words", ["a", "", "céd"])
    writer.add_array("test.numbers", [1, -2, 3])
    writer.add_array("test.ratios", [0.5, -1.5])
    expected = {}
    for name in BLOCKS:
        kind, raw = blocks(name, 3, 512)
        writer.add_tensor(name, raw, raw_dtype=kind)
        expected[name] = dequantize(raw, kind)
    singles = random.standard_normal((3, 5)).astype(np.float32)
    halves = finite_halves(16).reshape(2, 8).view(np.float16)
    halves[1, :3] = [np.inf, -np.inf, 65504]
    brain = random.integers(0, 0x7F80, size=(2, 7), dtype=np.uint16)
    writer.add_tensor("F32", singles)
    writer.add_tensor("F16", halves)
    kind = gguf.GGMLQuantizationType.BF16
    writer.add_tensor("BF16", brain.view(np.uint8), raw_dtype=kind)
    expected["F32"] = singles
    expected["F16"] = halves.astype(np.float32)
    expected["BF16"] = dequantize(brain.view(np.uint8), kind)
    # Drawn by themselves, so that what was there before stays as it was.
    more = np.random.default_rng(21)
    for name in TABLES:
        kind, raw = blocks(name, 3, 512, more)
        writer.add_tensor(name, raw, raw_dtype=kind)
        expected[name] = dequantize(raw, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, fixtures / "formats-expected.safetensors", metadata={"format": "np"})


def plain():
    """A safetensors file of every dtype that is read."""
    tensors = {
        "f16": finite_halves(6).view(np.float16).reshape(2, 3),
        "f64": random.standard_normal((2, 2)),
        "i64": np.array([[-(2**40), 0, 511]]),
        "i32": np.array([1, -2], dtype=np.int32),
        "u8": np.array([0, 255], dtype=np.uint8),
        "flags": np.array([True, False]),
        "scalar": np.array(2.5, dtype=np.float32),
        "empty": np.zeros((0, 4), dtype=np.float32),
    }
    save_file(tensors, fixtures / "plain.safetensors", metadata={"format": "pt"})
    expected = {name: value.astype(np.float32) for name, value in tensors.items()}
    save_file(expected, fixtures / "plain-expected.safetensors")


formats()
plain()
