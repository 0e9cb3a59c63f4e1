"""Golden adapters: made, briefly trained and saved by PEFT on the tiny models of make_models.py.

    python make_peft.py [NAME …]

Writes fixtures/peft/: the adapters with the logits that PEFT gives with them, and one more tiny base model
(BERT with a pooler). Everything is seeded. With names, only
those adapters are made anew.
"""
import json
import os
import shutil
import sys

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    BertConfig,
    BertModel,
)

from make_models import HERE as MODELS
from make_models import formula, loss_of, sequences

PEFT = os.path.join(os.path.dirname(MODELS), "peft")
BERT = os.path.join(PEFT, "bert-base")
CLASSIFIER = os.path.join(PEFT, "bert-classifier")


def write_bert():
    torch.manual_seed(5)
    model = BertModel(BertConfig(
        hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=40, vocab_size=61,
        max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.2 + (1.0 if parameter.dim() == 1 else 0.0))
    model.save_pretrained(BERT)


def write_classifier():
    """The same BERT with a classifier that is not near zero, as a base that was trained for classes."""
    model = AutoModelForSequenceClassification.from_pretrained(BERT, id2label={0: "red", 1: "green", 2: "blue"})
    formula(model.classifier.weight, 0.9, 0.5)
    formula(model.classifier.bias, 0.3, 0.1)
    model.save_pretrained(CLASSIFIER)


def write_full():
    """Ten steps of everything, the pooler included, with a classifier that starts by a formula."""
    model = AutoModelForSequenceClassification.from_pretrained(BERT, num_labels=2)
    formula(model.classifier.weight, 0.2, 0.5)
    formula(model.classifier.bias, 0.0, 0.0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = sum(torch.nn.functional.cross_entropy(model(torch.tensor([ids])).logits, torch.tensor([index % 2]))
                   for index, ids in enumerate(sequences(61))) / 3
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    with open(os.path.join(BERT, "golden.json"), "w") as file:
        json.dump({"losses": losses, "norms": norms}, file)
        file.write("\n")


class Thirds(torch.nn.Module):
    """LoRA on the queries and the values of GPT-2's c_attn, each with matrices of its own (MergedLinear)."""

    def __init__(self, base, rank, alpha, phase):
        super().__init__()
        self.base, self.scale, self.width = base, alpha / rank, base.nf // 3
        inputs = base.weight.shape[0]
        self.a = torch.nn.ParameterList(torch.empty(rank, inputs) for _ in range(2))
        self.b = torch.nn.ParameterList(torch.zeros(self.width, rank) for _ in range(2))
        for index, a in enumerate(self.a):
            formula(a, 0.3, phase + 0.1 * index)

    def forward(self, x):
        q, v = (self.scale * (x @ a.T) @ b.T for a, b in zip(self.a, self.b))
        return self.base(x) + torch.cat([q, torch.zeros_like(q), v], -1)


def write_thirds():
    model = AutoModelForCausalLM.from_pretrained(os.path.join(MODELS, "gpt2"))
    model.requires_grad_(False)
    for index, block in enumerate(model.transformer.h):
        block.attn.c_attn = Thirds(block.attn.c_attn, 3, 6, 0.2 * index)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2, weight_decay=0.0)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(model, sequences(61))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
    with open(os.path.join(PEFT, "gpt2-thirds.json"), "w") as file:
        json.dump({"losses": losses}, file)
        file.write("\n")


# name: base model, classes (None: a language model), LoRA's settings
ADAPTERS = {
    "bert-classes": (BERT, 3, dict(r=4, lora_alpha=8, target_modules=["query", "value"])),
    "bert-patterns": (BERT, 2, dict(
        r=4, lora_alpha=6, use_rslora=True, target_modules=["query", "value", "output.dense"],
        layers_to_transform=[1], rank_pattern={"attention.self.value": 2}, alpha_pattern={"output.dense": 12})),
    "bert-expression": (BERT, 2, dict(
        r=2, lora_alpha=8, target_modules=r".*\.encoder\.layer\.0\..*\.(key|dense)", modules_to_save=["pooler"])),
    "llama-writes": ("llama", None, dict(r=4, lora_alpha=16, target_modules=["q_proj", "v_proj", "gate_proj"])),
    "llama3-classes": ("llama3", 3, dict(r=3, lora_alpha=6, target_modules="all-linear")),
    "gpt2-writes": ("gpt2", None, dict(r=4, lora_alpha=8, target_modules=["c_attn", "mlp.c_proj"], fan_in_fan_out=True)),
    "bert-pissa": (BERT, 2, dict(
        r=4, lora_alpha=8, init_lora_weights="pissa", target_modules=["query", "intermediate.dense"])),
    "bert-biases": (BERT, 2, dict(r=2, lora_alpha=4, bias="all", target_modules=["query", "value"])),
    "gpt2-pissa": ("gpt2", None, dict(
        r=3, lora_alpha=6, init_lora_weights="pissa", use_rslora=True, target_modules=["c_attn"], fan_in_fan_out=True)),
    "gpt2-olora": ("gpt2", None, dict(
        r=3, lora_alpha=6, init_lora_weights="olora", target_modules=["attn.c_proj"], fan_in_fan_out=True)),
    "llama-tied": ("llama", None, dict(
        r=2, lora_alpha=4, target_modules=["q_proj"], modules_to_save=["embed_tokens"], ensure_weight_tying=True)),
    # Without a task, PEFT adds no classifier of its own: the base's stays in place.
    "bert-kept": (CLASSIFIER, 3, dict(r=4, lora_alpha=8, task_type=None, target_modules=["query", "value"])),
    "bert-dora": (BERT, 3, dict(r=4, lora_alpha=8, use_dora=True, target_modules=["query", "output.dense"])),
    "gpt2-dora": ("gpt2", None, dict(
        r=3, lora_alpha=6, use_dora=True, target_modules=["c_attn", "mlp.c_proj"], fan_in_fan_out=True)),
    "llama-dora": ("llama", None, dict(
        r=4, lora_alpha=8, use_dora=True, init_lora_weights="pissa", target_modules=["q_proj", "down_proj"])),
    "llama-words": ("llama3", None, dict(r=3, lora_alpha=6, target_modules=["q_proj", "embed_tokens", "lm_head"])),
    "gpt2-words": ("gpt2", None, dict(
        r=3, lora_alpha=6, use_rslora=True, target_modules=["c_attn", "wte", "lm_head"], fan_in_fan_out=True)),
    "bert-words": (BERT, 2, dict(r=2, lora_alpha=4, target_modules=["query", "word_embeddings"])),
    "gpt2-tokens": ("gpt2", None, dict(
        r=3, lora_alpha=6, target_modules=["c_attn"], trainable_token_indices=[3, 40, 8], fan_in_fan_out=True)),
    "llama-tokens": ("llama3", None, dict(
        r=3, lora_alpha=6, target_modules=["q_proj"], trainable_token_indices={"embed_tokens": [3, 8]})),
    "gpt2-classes": ("gpt2", 2, dict(r=4, lora_alpha=8, target_modules=["c_attn"], fan_in_fan_out=True)),
}


def logits_of(model, classes):
    with torch.no_grad():
        rows = [model(input_ids=torch.tensor([s])).logits[0] for s in sequences(61)]
    return torch.stack(rows) if classes else torch.cat(rows)


def train(model, classes):
    """A few steps at a high rate, so that B is far from zero."""
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-2)
    for step in range(4):
        optimizer.zero_grad()
        for index, ids in enumerate(sequences(61)):
            ids = torch.tensor([ids])
            labels = torch.tensor([index % classes]) if classes else ids
            model(input_ids=ids, labels=labels).loss.backward()
        optimizer.step()


def loaded(base, classes):
    """A base with a new head for its classes, or as the language model that it is."""
    path = base if os.path.isabs(base) else os.path.join(MODELS, base)
    if classes:
        return AutoModelForSequenceClassification.from_pretrained(path, num_labels=classes, pad_token_id=0)
    return AutoModelForCausalLM.from_pretrained(path)


def write(name):
    base, classes, settings = ADAPTERS[name]
    torch.manual_seed(len(name))
    model = loaded(base, classes)
    settings = {"task_type": "SEQ_CLS" if classes else "CAUSAL_LM", "lora_dropout": 0.0, **settings}
    model = get_peft_model(model, LoraConfig(**settings))
    train(model, classes)
    model.eval()
    save(model, base, classes, os.path.join(PEFT, name))


def save(model, base, classes, folder):
    """The adapter's two files and the logits that PEFT gives with it; the base by its name alone."""
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    for extra in set(os.listdir(folder)) - {"adapter_config.json", "adapter_model.safetensors"}:
        os.remove(os.path.join(folder, extra))
    file = os.path.join(folder, "adapter_config.json")
    with open(file) as opened:
        config = json.load(opened)
    config["base_model_name_or_path"] = os.path.basename(base)
    # PEFT keeps them as sets, whose order is another in every process.
    for key in {"target_modules", "feedforward_modules"} & set(config):
        config[key] = sorted(config[key]) if isinstance(config[key], list) else config[key]
    with open(file, "w") as opened:
        json.dump(config, opened, indent=2, sort_keys=True)
        opened.write("\n")
    save_file({"logits": logits_of(model, classes).contiguous()}, os.path.join(folder, "golden.st"))


def main():
    os.makedirs(PEFT, exist_ok=True)
    torch.set_num_threads(1)
    if not sys.argv[1:]:
        write_bert()
        write_classifier()
        write_full()
        write_thirds()
    for name in sys.argv[1:] or ADAPTERS:
        write(name)


if __name__ == "__main__":
    main()
