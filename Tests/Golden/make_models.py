"""Golden values of the three model families: tiny checkpoints with logits, gradients and ten AdamW
steps, and figures of the two real models that the registry has.

    python make_models.py --minilm FOLDER --smollm2 FILE.gguf

Writes fixtures/models/. Everything is seeded; the tiny weights are made here.
"""
import argparse
import json
import os
import shutil

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
)

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "models")
LENGTHS = [7, 3, 11]


def sequences(vocabulary):
    """Token ids by a formula that the Swift test repeats."""
    return [[(7 * i * i + 13 * i + 5 * s + 3) % vocabulary for i in range(n)] for s, n in enumerate(LENGTHS)]


def tiny_models():
    bert = dict(hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=40, vocab_size=61,
                max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    llama = dict(hidden_size=24, num_hidden_layers=2, intermediate_size=40, vocab_size=61,
                 max_position_embeddings=64, attention_dropout=0.0)
    scaling = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
               "original_max_position_embeddings": 16}
    gpt2 = dict(n_embd=24, n_head=3, n_layer=2, vocab_size=61, n_positions=32, resid_pdrop=0.0, embd_pdrop=0.0,
                attn_pdrop=0.0)
    yield "bert", BertForMaskedLM(BertConfig(**bert))
    yield "llama", LlamaForCausalLM(LlamaConfig(
        num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True, **llama))
    yield "llama3", LlamaForCausalLM(LlamaConfig(
        num_attention_heads=6, num_key_value_heads=2, head_dim=8, tie_word_embeddings=False, attention_bias=True,
        mlp_bias=True, rope_theta=500000.0, rope_scaling=scaling, **llama))
    yield "gpt2", GPT2LMHeadModel(GPT2Config(**gpt2))
    yield "gpt2-untied", GPT2LMHeadModel(GPT2Config(
        tie_word_embeddings=False, scale_attn_by_inverse_layer_idx=True, **gpt2))


def loss_of(model, ids):
    """Mean cross-entropy over every next token (or, for BERT, every token itself)."""
    total, terms = 0.0, 0
    for sequence in ids:
        logits = model(torch.tensor([sequence])).logits[0]
        wanted = torch.tensor(sequence)
        if not isinstance(model, BertForMaskedLM):
            logits, wanted = logits[:-1], wanted[1:]
        total = total + torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
        terms += len(wanted)
    return total / terms


def write_tiny():
    for name, model in tiny_models():
        torch.manual_seed(len(name))
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(torch.randn(parameter.shape) * 0.2 + (1.0 if parameter.dim() == 1 else 0.0))
        model.eval()
        folder = os.path.join(HERE, name)
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        os.path.exists(f"{folder}/generation_config.json") and os.remove(f"{folder}/generation_config.json")
        ids = sequences(61)
        with torch.no_grad():
            logits = torch.cat([model(torch.tensor([s])).logits[0] for s in ids])
        loss_of(model, ids).backward()
        gradients = {f"gradient.{k}": p.grad.contiguous() for k, p in model.named_parameters() if p.grad is not None}
        save_file({"logits": logits.contiguous(), **gradients}, f"{folder}/golden.st")
        model.zero_grad()
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
        losses = []
        for _ in range(10):
            optimizer.zero_grad()
            loss = loss_of(model, ids)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
        with open(f"{folder}/golden.json", "w") as file:
            json.dump({"losses": losses}, file)


def formula(tensor, scale, phase):
    """sin of the running index: the same start on both sides."""
    count = tensor.numel()
    values = scale * torch.sin(torch.arange(count, dtype=torch.float64) * 0.37 + phase)
    with torch.no_grad():
        tensor.copy_(values.reshape(tensor.shape).to(tensor.dtype))


def minilm(folder):
    ids = [[101] + [(31 * i * i + 17 * i + 1009 * s) % 28000 + 1000 for i in range(n)] + [102]
           for s, n in enumerate([9, 60, 33, 120, 5, 18, 77, 40])]
    model = AutoModel.from_pretrained(folder).eval()
    with torch.no_grad():
        states = [model(torch.tensor([s])).last_hidden_state[0] for s in ids]
    sample = [[round(v.item(), 7) for v in s[::7, ::29].flatten()] for s in states]
    model = BertForSequenceClassification.from_pretrained(
        folder, num_labels=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    model = get_peft_model(model, LoraConfig(
        task_type="SEQ_CLS", r=8, lora_alpha=16, lora_dropout=0.0, target_modules=["query", "value"]))
    for index, (name, parameter) in enumerate(
            (n, p) for n, p in model.named_parameters() if "lora_A" in n):
        formula(parameter, 0.05, 0.1 * index)
    head = model.base_model.model.classifier.modules_to_save["default"]
    formula(head.weight, 0.02, 0.5)
    formula(head.bias, 0.0, 0.0)
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=2e-3, weight_decay=0.0)
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        batch = [(4 * step + k) % 8 for k in range(4)]
        loss = sum(
            torch.nn.functional.cross_entropy(model(input_ids=torch.tensor([ids[b]])).logits, torch.tensor([b % 2]))
            for b in batch) / 4
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return {"hidden": sample, "losses": losses}


def smollm2(path):
    model = AutoModelForCausalLM.from_pretrained(
        os.path.dirname(path), gguf_file=os.path.basename(path), dtype=torch.float32).eval()
    ids = [(31 * i * i + 17 * i) % 48000 + 20 for i in range(80)]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    return {"logits": [round(v.item(), 6) for v in logits[::13, ::997].flatten()]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minilm", required=True)
    parser.add_argument("--smollm2", required=True)
    options = parser.parse_args()
    os.makedirs(HERE, exist_ok=True)
    torch.set_num_threads(1)
    write_tiny()
    with open(os.path.join(HERE, "real.json"), "w") as file:
        json.dump({"minilm": minilm(options.minilm), "smollm2": smollm2(options.smollm2)}, file)


if __name__ == "__main__":
    main()
