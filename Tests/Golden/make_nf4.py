"""Golden four-bit weights: what bitsandbytes makes of random tensors, and tiny models that Transformers quantised with it.

    python make_nf4.py

Wants bitsandbytes beside PyTorch and Transformers. What it has in plain PyTorch is what is asked, exact and as its cards
compute it: its C library for processors rounds scales to one of 65,536 before it looks for the nearest of its 8-bit
numbers (version 0.50.2), and takes a neighbour for about one in seven hundred. Writes fixtures/nf4/:
tensors.safetensors with each tensor's codes, scales and dequantised values, and for each model of MODELS the folder that
save_pretrained writes, the logits beside it. Logits are computed in f32 from what bitsandbytes dequantises.
"""
import ctypes
import json
import os
import shutil

os.environ["TORCHDYNAMO_DISABLE"] = "1"
load, ctypes.cdll.LoadLibrary = ctypes.cdll.LoadLibrary, lambda path: (_ for _ in ()).throw(OSError(path))
import bitsandbytes as bnb

ctypes.cdll.LoadLibrary = load
import torch
from bitsandbytes.cextension import ErrorHandlerMockBNBNativeLibrary, lib
from bitsandbytes.functional import dequantize_4bit, quantize_4bit
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, BitsAndBytesConfig

from make_models import HERE as MODELS_FOLDER
from make_models import formula, loss_of, sequences

FOLDER = os.path.join(os.path.dirname(MODELS_FOLDER), "nf4")

# name: tiny model of make_models.py, how it is quantised, the type that its weights have while they are
MODELS = {
    "llama-nf4-double": ("llama", dict(bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True), torch.bfloat16),
    "llama3-nf4": ("llama3", dict(bnb_4bit_quant_type="nf4"), torch.float32),
    "bert-nf4-double": ("bert", dict(bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True), torch.float32),
    "gpt2-nf4-double": ("gpt2", dict(bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True), torch.float32),
    "gpt2-fp4": ("gpt2", dict(bnb_4bit_quant_type="fp4"), torch.float16),
}


def tensors():
    """Rows of whole and of broken blocks, a block of zeros, an odd count, more scales than one block of them."""
    torch.manual_seed(4)
    yield "rows", torch.randn(16, 96) * 0.02
    yield "odd", torch.randn(5, 13)
    zeros = torch.randn(64, 64) * 3
    zeros[2] = 0
    yield "zeros", zeros
    yield "many", torch.randn(150, 128) * torch.rand(150, 1)
    yield "halves", (torch.randn(24, 40) * 0.1).to(torch.bfloat16).float()


def write_tensors():
    found = {}
    for name, weight in tensors():
        found[name] = weight
        codes, state = quantize_4bit(weight, blocksize=64, quant_type="nf4")
        found[f"{name}.codes"], found[f"{name}.absmax"] = codes.flatten(), state.absmax
        codes, state = quantize_4bit(weight, blocksize=64, quant_type="nf4", compress_statistics=True)
        assert torch.equal(codes.flatten(), found[f"{name}.codes"])
        found[f"{name}.nested"], found[f"{name}.nested_absmax"] = state.absmax, state.state2.absmax
        found[f"{name}.offset"], found[f"{name}.map"] = state.offset.reshape(1), state.state2.code.clone()
        found[f"{name}.dequantised"] = dequantize_4bit(codes, state)
    save_file({key: value.contiguous() for key, value in found.items()}, os.path.join(FOLDER, "tensors.safetensors"))


def plain_products(model):
    """Every product of a quantised layer from its dequantised weight, in f32."""
    for module in model.modules():
        if isinstance(module, bnb.nn.Linear4bit):
            def forward(x, module=module):
                weight = dequantize_4bit(module.weight.data, module.weight.quant_state).float()
                bias = None if module.bias is None else module.bias.float()
                return torch.nn.functional.linear(x.float(), weight.reshape(module.weight.quant_state.shape), bias)
            module.forward = forward
        elif not isinstance(module, bnb.nn.Params4bit):
            for name, parameter in module.named_parameters(recurse=False):
                if parameter.dtype.is_floating_point:
                    parameter.data = parameter.data.float()


def write_model(name):
    base, settings, dtype = MODELS[name]
    source = os.path.join(MODELS_FOLDER, base)
    kind = AutoModelForMaskedLM if base == "bert" else AutoModelForCausalLM
    quantisation = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=torch.float32, **settings)
    model = kind.from_pretrained(source, quantization_config=quantisation, dtype=dtype, device_map="cpu").eval()
    folder = os.path.join(FOLDER, name)
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    os.path.exists(f"{folder}/generation_config.json") and os.remove(f"{folder}/generation_config.json")
    # Read back, as whoever is given the folder reads it.
    model = kind.from_pretrained(folder, device_map="cpu").eval()
    quantised = sorted(n for n, m in model.named_modules() if isinstance(m, bnb.nn.Linear4bit))
    assert quantised, name
    plain_products(model)
    with torch.no_grad():
        logits = torch.cat([model(torch.tensor([s])).logits[0].float() for s in sequences(61)])
    save_file({"logits": logits.contiguous()}, f"{folder}/golden.st")
    with open(f"{folder}/golden.json", "w") as file:
        json.dump({"quantised": quantised}, file)


def ten_steps(name, targets):
    """The losses of ten steps of PEFT's LoRA beside the quantised model, from a start by a formula."""
    model = AutoModelForCausalLM.from_pretrained(os.path.join(FOLDER, name), device_map="cpu")
    plain_products(model)
    model = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=targets))
    trained = sorted((n, p) for n, p in model.named_parameters() if p.requires_grad)
    for index, (key, parameter) in enumerate(trained):
        assert parameter.dtype == torch.float32
        formula(parameter, 0.05 if "lora_A" in key else 0.02, 0.1 * index)
    optimizer = torch.optim.AdamW([p for _, p in trained], lr=1e-2, weight_decay=0.0)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(model, sequences(61))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in trained], 1.0)
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "targets": targets, "trained": sum(p.numel() for _, p in trained)}


def main():
    assert isinstance(lib, ErrorHandlerMockBNBNativeLibrary), "the C library was loaded"
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    write_tensors()
    for name in MODELS:
        write_model(name)
    steps = {
        "llama-nf4-double": ten_steps("llama-nf4-double", ["q_proj", "v_proj", "down_proj"]),
        "llama3-nf4": ten_steps("llama3-nf4", ["q_proj", "up_proj"]),
        "gpt2-fp4": ten_steps("gpt2-fp4", ["c_attn", "mlp.c_proj"]),
    }
    with open(os.path.join(FOLDER, "steps.json"), "w") as file:
        json.dump(steps, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
