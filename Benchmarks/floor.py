"""The arithmetic that a workload cannot do without, in floating-point operations: what speed is judged by.

Counted: a multiplication and an addition for each weight of the linear layers and token going forward, as many for
the gradient of its input, as many for that of a trained weight; attention's two products; the head at the positions
that carry a label. Not counted: padding, logits nobody asked for, gradients of frozen weights, recomputation,
everything elementwise, the adapter itself (under 1%).
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Shape:
    layers: int
    width: int
    block: int  # weights of the linear layers of one block
    head: int  # weights of the head
    causal: bool


def shape_of(folder):
    config = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    kind = config["model_type"]
    if kind == "gpt2":
        width = config["n_embd"]
        inner = config.get("n_inner") or 4 * width
        return Shape(config["n_layer"], width, 4 * width**2 + 2 * width * inner, width * config["vocab_size"], True)
    width, inner = config["hidden_size"], config["intermediate_size"]
    layers = config["num_hidden_layers"]
    if kind == "bert":
        return Shape(layers, width, 4 * width**2 + 2 * width * inner, width**2 + 2 * width, False)
    heads = config["num_attention_heads"]
    size = config.get("head_dim") or width // heads
    keys = config.get("num_key_value_heads", heads) * size
    block = 2 * width * heads * size + 2 * width * keys + 3 * width * inner
    return Shape(layers, width, block, width * config["vocab_size"], True)


def attention(shape, length):
    """Both products of one block over one sequence, going forward; a causal one needs the lower half."""
    full = 4 * length * length * shape.width
    return full / 2 if shape.causal else full


def training(shape, method, lengths, epochs):
    """Operations of so many epochs over sequences of these lengths."""
    total = 0.0
    for length in lengths:
        linear = 2 * shape.block * length
        looked_at = attention(shape, length)
        forward = linear + looked_at
        head = 2 * 2 * shape.head
        if method not in ("full", "last2"):
            # Thin changes of every block: the adapter's own work is left out.
            each = shape.layers * (2 * linear + 3 * looked_at)
            total += epochs * (each + head)
        elif method == "full":
            each = shape.layers * (3 * linear + 3 * looked_at)
            total += epochs * (each + head + head / 2)
        else:
            top = 2 * (3 * linear + 3 * looked_at)
            # The trunk is the same in every epoch: once is what is needed.
            total += (shape.layers - 2) * forward + epochs * (top + head)
    return total


def evaluation(shape, lengths, prefix):
    """Operations of reading sequences of these lengths, a shared beginning read once."""
    total = shape.layers * (2 * shape.block * prefix + attention(shape, prefix))
    for length in lengths:
        linear = 2 * shape.block * (length - prefix)
        looked_at = attention(shape, length) - attention(shape, prefix)
        total += shape.layers * (linear + looked_at) + 2 * shape.head
    return total
