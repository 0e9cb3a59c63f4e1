"""Golden soft prompts: prompt and prefix tuning as PEFT computes, trains and saves them on the tiny models of
make_models.py and make_peft.py.

    python make_peft_prompts.py

Writes fixtures/peft-prompts/: for each case the logits at the start, which is a formula, the losses of ten steps of
AdamW, and the adapter that PEFT saves then, with its logits; and every key of the two configurations. Every sequence
is a batch of its own, so that nothing is padded.
"""
import dataclasses
import json
import os

import torch
from peft import PrefixTuningConfig, PromptTuningConfig, get_peft_model
from safetensors.torch import load_file, save_file

from make_models import HERE as MODELS
from make_models import formula, sequences
from make_peft import BERT, loaded, save

FOLDER = os.path.join(os.path.dirname(MODELS), "peft-prompts")

PROMPT = dict(num_virtual_tokens=4)
PREFIX = dict(num_virtual_tokens=3)
PROJECTED = dict(num_virtual_tokens=3, prefix_projection=True, encoder_hidden_size=10)

# name: base model, classes (None: a language model), the configuration and its settings
CASES = {
    "bert-prompt": (BERT, 3, PromptTuningConfig, PROMPT),
    "bert-prefix": (BERT, 2, PrefixTuningConfig, PREFIX),
    "bert-projected": (BERT, 3, PrefixTuningConfig, PROJECTED),
    "gpt2-prompt": ("gpt2", None, PromptTuningConfig, PROMPT),
    "gpt2-prefix": ("gpt2", None, PrefixTuningConfig, PREFIX),
    "gpt2-projected": ("gpt2", None, PrefixTuningConfig, PROJECTED),
    "gpt2-prompt-classes": ("gpt2", 2, PromptTuningConfig, PROMPT),
    "gpt2-prefix-classes": ("gpt2", 2, PrefixTuningConfig, PREFIX),
    "llama-prompt": ("llama", None, PromptTuningConfig, PROMPT),
    "llama-prefix": ("llama", None, PrefixTuningConfig, PREFIX),
    "llama-prompt-classes": ("llama", 3, PromptTuningConfig, PROMPT),
    "llama3-prefix-classes": ("llama3", 2, PrefixTuningConfig, PREFIX),
    "llama3-projected": ("llama3", None, PrefixTuningConfig, PROJECTED),
}


def begin(model):
    """Everything that is trained, by a formula, in the order of the encoder's parameters."""
    for index, parameter in enumerate(model.prompt_encoder["default"].parameters()):
        formula(parameter, 0.3, 0.1 + index)
    for name, parameter in model.named_parameters():
        if "modules_to_save" in name:
            formula(parameter, 0.2 if name.endswith("weight") else 0.0, 0.5)


def logits_of(model, ids, classes):
    """Of the classes, or of each token; not of the virtual ones."""
    return model(input_ids=torch.tensor([ids])).logits[0][(0 if classes else -len(ids)):]


def loss_of(model, classes):
    total, terms = 0.0, 0
    for index, ids in enumerate(sequences(61)):
        logits, wanted = logits_of(model, ids, classes), torch.tensor(ids)
        if classes:
            logits, wanted = logits[None], torch.tensor([index % classes])
        else:
            logits, wanted = logits[:-1], wanted[1:]
        total = total + torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
        terms += len(wanted)
    return total / terms


def all_logits(model, classes):
    with torch.no_grad():
        rows = [logits_of(model, ids, classes) for ids in sequences(61)]
    return (torch.stack(rows) if classes else torch.cat(rows)).contiguous()


def write(name):
    base, classes, kind, settings = CASES[name]
    torch.manual_seed(3)
    model = get_peft_model(loaded(base, classes), kind(task_type="SEQ_CLS" if classes else "CAUSAL_LM", **settings))
    begin(model)
    model.eval()
    start = all_logits(model, classes)
    trained = [p for p in model.parameters() if p.requires_grad]
    names = [n for n, p in model.named_parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2, weight_decay=0.0)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(model, classes)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
    folder = os.path.join(FOLDER, name)
    save(model, base, classes, folder)
    save_file({"start": start, "logits": all_logits(model, classes)}, os.path.join(folder, "golden.st"))
    tensors = load_file(os.path.join(folder, "adapter_model.safetensors"))
    encoder = sum(p.numel() for p in model.prompt_encoder.parameters())
    print(name, losses[0], losses[-1], {key: list(value.shape) for key, value in tensors.items()}, names)
    return {"losses": losses, "trained": encoder}


def main():
    os.makedirs(FOLDER, exist_ok=True)
    torch.set_num_threads(1)
    steps = {name: write(name) for name in CASES}
    steps["keys"] = {
        kind.__name__: sorted(field.name for field in dataclasses.fields(kind))
        for kind in (PromptTuningConfig, PrefixTuningConfig)}
    with open(os.path.join(FOLDER, "steps.json"), "w") as file:
        json.dump(steps, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
