"""Golden steps of LoRA's variants: what PEFT trains of the tiny models of make_models.py and make_peft.py.

    python make_peft_lora.py

Writes fixtures/peft-lora.json: for each variant the logits before the first step, and losses and norms of gradients
of ten steps. A begins by a formula, where it does not follow from the weight, so that no generator is needed.
"""
import json
import os

import torch
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer

from make_models import HERE as MODELS
from make_models import formula, loss_of, sequences
from make_peft import BERT, loaded

FILE = os.path.join(os.path.dirname(MODELS), "peft-lora.json")

BERT_LAYERS = ["query", "value", "output.dense"]
# name: base model, classes (None: a language model), LoRA's settings, LoRA+'s ratio
VARIANTS = {
    "bert dora": (BERT, 3, dict(r=4, lora_alpha=8, use_dora=True, target_modules=BERT_LAYERS), None),
    "gpt2 dora": ("gpt2", None, dict(r=4, lora_alpha=8, use_dora=True, target_modules=["c_attn", "mlp.c_proj"]), None),
    "llama dora": ("llama", None, dict(
        r=4, lora_alpha=8, use_dora=True, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"]), None),
    "bert pissa": (BERT, 3, dict(r=4, lora_alpha=8, init_lora_weights="pissa", target_modules=BERT_LAYERS), None),
    "gpt2 pissa": ("gpt2", None, dict(
        r=3, lora_alpha=9, init_lora_weights="pissa", use_rslora=True, target_modules=["c_attn", "mlp.c_proj"]), None),
    "llama pissa": ("llama", None, dict(
        r=4, lora_alpha=8, init_lora_weights="pissa", use_dora=True, target_modules=["q_proj", "down_proj"]), None),
    "llama olora": ("llama", None, dict(
        r=4, lora_alpha=8, init_lora_weights="olora", target_modules=["q_proj", "o_proj"]), None),
    "bert plus": (BERT, 3, dict(r=4, lora_alpha=8, target_modules=BERT_LAYERS), 16),
    "gpt2 plus": ("gpt2", None, dict(r=4, lora_alpha=8, use_dora=True, bias="lora_only", target_modules=["c_attn"]), 4),
    "llama plus": ("llama", None, dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]), 8),
    "bert patterns": (BERT, 3, dict(
        r=4, lora_alpha=8, target_modules=BERT_LAYERS, rank_pattern={"value": 2, "layer.0.output.dense": 6},
        alpha_pattern={"query": 3}), None),
    "gpt2 patterns": ("gpt2", None, dict(
        r=4, lora_alpha=8, target_modules=["c_attn", "mlp.c_proj"], rank_pattern={"h.1.attn.c_attn": 2}), None),
    "llama patterns": ("llama", None, dict(
        r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], alpha_pattern={"v_proj": 32}), None),
    "llama words": ("llama3", None, dict(
        r=4, lora_alpha=8, target_modules=["q_proj", "embed_tokens", "lm_head"]), None),
    "gpt2 words": ("gpt2", None, dict(r=4, lora_alpha=8, target_modules=["c_attn", "wte", "lm_head"]), None),
    "bert words": (BERT, 3, dict(r=4, lora_alpha=8, target_modules=["query", "word_embeddings"]), None),
    "gpt2 tokens": ("gpt2", None, dict(
        r=4, lora_alpha=8, target_modules=["c_attn"], trainable_token_indices=[3, 40, 8]), None),
    "llama tokens": ("llama3", None, dict(
        r=4, lora_alpha=8, target_modules=["q_proj"], trainable_token_indices=[3, 8]), None),
    "bert tokens": (BERT, 3, dict(r=4, lora_alpha=8, target_modules=["query"], trainable_token_indices=[3, 8]), None),
    "bert biases": (BERT, 3, dict(r=4, lora_alpha=8, bias="all", target_modules=["query", "value"]), None),
    "gpt2 biases": ("gpt2", None, dict(r=4, lora_alpha=8, bias="lora_only", target_modules=["c_attn"]), None),
}


def made(name):
    base, classes, settings, ratio = VARIANTS[name]
    settings = {"task_type": "SEQ_CLS" if classes else "CAUSAL_LM", "lora_dropout": 0.0, **settings}
    if base == "gpt2":
        settings["fan_in_fan_out"] = True
    torch.manual_seed(1)
    model = get_peft_model(loaded(base, classes), LoraConfig(**settings))
    if "init_lora_weights" not in settings:
        firsts = [p for n, p in model.named_parameters() if ".lora_A." in n]
        for index, a in enumerate(firsts):
            formula(a, 0.3, 0.1 * index)
        for name, parameter in model.named_parameters():
            if ".lora_embedding_B." in name:
                formula(parameter, 0.3, 0.7)
    if classes:
        head = model.base_model.model.classifier.modules_to_save["default"]
        formula(head.weight, 0.2, 0.5)
        formula(head.bias, 0.0, 0.0)
    return model, classes, ratio


def steps(name):
    model, classes, ratio = made(name)
    trained = [p for p in model.parameters() if p.requires_grad]
    if ratio:
        optimizer = create_loraplus_optimizer(
            model, torch.optim.AdamW, lr=1e-3, loraplus_lr_ratio=ratio, loraplus_weight_decay=0.01, weight_decay=0.01)
        for group in optimizer.param_groups if classes else []:
            # The classifier's bias is no part of LoRA: here it learns at lr, with its weight.
            bias = model.base_model.model.classifier.modules_to_save["default"].bias
            group["params"] = [p for p in group["params"] if p is not bias]
            if any(p.shape == (classes, 24) for p in group["params"]):
                group["params"].append(bias)
    else:
        optimizer = torch.optim.AdamW(trained, lr=1e-2, weight_decay=0.01)
    with torch.no_grad():
        first = [model(torch.tensor([ids])).logits[0] for ids in sequences(61)]
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        if classes:
            loss = sum(torch.nn.functional.cross_entropy(model(torch.tensor([ids])).logits, torch.tensor([index % classes]))
                       for index, ids in enumerate(sequences(61))) / 3
        else:
            loss = loss_of(model, sequences(61))
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    head = ("modules_to_save", "original_module")
    count = sum(p.numel() for n, p in model.named_parameters() if p.requires_grad and not any(h in n for h in head))
    # A few logits of each sequence say enough.
    return {"losses": losses, "norms": norms, "trained": count,
            "logits": [row.flatten()[:3].tolist() if classes else row[-1][:3].tolist() for row in first]}


def main():
    torch.set_num_threads(1)
    with open(FILE, "w") as file:
        json.dump({name: steps(name) for name in VARIANTS}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
