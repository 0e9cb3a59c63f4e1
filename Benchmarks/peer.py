"""One measurement of Transformers + PEFT, in a process of its own: a job in, one JSON line out.

    python Benchmarks/peer.py job.json

Written the way a user of these libraries would write it: batches padded to their longest sequence, AdamW, gradients
clipped at 1, the head's logits for every position of a language model.
"""

import json
import os
import resource
import sys
import time


def load(job):
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    torch.set_num_threads(job["threads"])
    torch.manual_seed(job["seed"])
    # As one gets it, or with dropout off, so that both sides do the same arithmetic.
    rates = {} if job["dropout"] == "config" else dict.fromkeys(dropout_names(job["model"]), 0.0)
    if job["task"] == "causal":
        return AutoModelForCausalLM.from_pretrained(job["model"], dtype="float32", **rates)
    return AutoModelForSequenceClassification.from_pretrained(
        job["model"], dtype="float32", num_labels=2, **rates
    )


def dropout_names(folder):
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        settings = json.load(file)
    return [name for name in settings if name.endswith(("_dropout", "_dropout_prob", "_pdrop"))]


def adapted(model, job):
    """The model with its trainable part chosen by the method."""
    method = job.get("kind", job["method"])
    if method == "last2":
        last_two(model)
    elif method == "bitfit":
        for name, parameter in model.named_parameters():
            parameter.requires_grad = name.endswith(".bias") or name.startswith(("classifier", "score"))
    elif method == "reft":
        return intervened(model, job)
    elif method != "full":
        import peft

        task = "CAUSAL_LM" if job["task"] == "causal" else "SEQ_CLS"
        config = {
            "lora": lambda: peft.LoraConfig(task_type=task, r=8, lora_alpha=16),
            "dora": lambda: peft.LoraConfig(task_type=task, r=8, lora_alpha=16, use_dora=True),
            "ia3": lambda: peft.IA3Config(task_type=task),
            "vera": lambda: peft.VeraConfig(task_type=task),
            "prompt": lambda: peft.PromptTuningConfig(task_type=task, num_virtual_tokens=20),
            "prefix": lambda: peft.PrefixTuningConfig(task_type=task, num_virtual_tokens=20),
        }[method]()
        return peft.get_peft_model(model, config)
    return model


def intervened(model, job):
    """LoReFT at the first and the last token of each sequence, of every block, in the form of its publication."""
    import torch

    for parameter in model.parameters():
        parameter.requires_grad = False
    rank, width = job["settings"]["r"], model.config.hidden_size
    trunk = getattr(model, model.base_model_prefix)
    blocks = trunk.encoder.layer if hasattr(trunk, "encoder") else getattr(trunk, "h", None) or trunk.layers
    model.interventions = torch.nn.ModuleList()
    model.ends = None

    def change(first, last):
        def hook(module, inputs, output):
            h = output[0] if isinstance(output, tuple) else output
            rows = torch.arange(len(h))
            h = h.clone()
            for part, places in ((first, torch.zeros_like(model.ends)), (last, model.ends)):
                at = h[rows, places]
                h[rows, places] = at + (part["learned"](at) - part["rotate"](at)) @ part["rotate"].weight
            return (h, *output[1:]) if isinstance(output, tuple) else h
        return hook

    for block in blocks:
        parts = []
        for _ in range(2):
            rotate = torch.nn.Linear(width, rank, bias=False)
            torch.nn.init.orthogonal_(rotate.weight)
            parts.append(torch.nn.ModuleDict({
                "learned": torch.nn.Linear(width, rank),
                "rotate": torch.nn.utils.parametrizations.orthogonal(rotate)}))
        model.interventions.extend(parts)
        block.register_forward_hook(change(*parts))
    for parameter in getattr(model, "classifier", torch.nn.Module()).parameters():
        parameter.requires_grad = True
    return model


def last_two(model):
    """Only the last two blocks, what follows them, and a classifier; a tied head stays as it is."""
    for parameter in model.parameters():
        parameter.requires_grad = False
    trunk = getattr(model, model.base_model_prefix)
    blocks = trunk.encoder.layer if hasattr(trunk, "encoder") else getattr(trunk, "h", None) or trunk.layers
    after = [getattr(trunk, name, None) for name in ("pooler", "ln_f", "norm")] + [getattr(model, "classifier", None)]
    for module in [*blocks[-2:], *filter(None, after)]:
        for parameter in module.parameters():
            parameter.requires_grad = True


def padded(examples, task, answered=True):
    """A batch as a collator makes it: ids, mask, labels, and where each sequence ends."""
    import torch

    rows = [example["ids"] if answered or task != "causal" else example["ids"][:-1] for example in examples]
    longest = max(map(len, rows))
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    ends = mask.sum(1) - 1
    labels = torch.tensor([example["label"] for example in examples])
    if task == "causal" and answered:
        labels = torch.full_like(ids, -100)
        for index, row in enumerate(rows):
            labels[index, len(row) - 1] = row[-1]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}, ends, int(mask.sum())


def batches(examples, size):
    return [examples[start : start + size] for start in range(0, len(examples), size)]


def train(model, job, examples, epochs):
    """Tokens and seconds of so many epochs."""
    import torch

    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=job["learning_rate"], weight_decay=0.01)
    model.train()
    tokens, losses, began = 0, [], time.perf_counter()
    for _ in range(epochs):
        for batch in batches(examples, job["batch"]):
            inputs, ends, count = padded(batch, job["task"])
            # An answer is no part of the prompt.
            model.ends = ends - 1 if job["task"] == "causal" else ends
            loss = model(**inputs).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            tokens += count
    return tokens, time.perf_counter() - began, losses


def evaluate(model, job, examples, answers):
    import torch

    model.eval()
    tokens, right, began = 0, 0, time.perf_counter()
    with torch.inference_mode():
        for batch in batches(examples, job["batch"]):
            inputs, ends, count = padded(batch, job["task"], answered=False)
            labels = inputs.pop("labels")
            model.ends = ends
            logits = model(**inputs).logits
            if job["task"] == "causal":
                logits = logits[torch.arange(len(batch)), ends][:, answers]
            right += int((logits.argmax(1) == labels).sum())
            tokens += count
    return tokens, time.perf_counter() - began, right / max(1, len(examples))


def main(path):
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    with open(job["workload"], encoding="utf-8") as file:
        workload = json.load(file)
    model = adapted(load(job), job)
    train(model, job, workload["warmup"], 1)
    tokens, seconds, losses = train(model, job, workload["train"], job["epochs"])
    evaluate(model, job, workload["warmup"], workload["answers"])
    read, passed, accuracy = evaluate(model, job, workload["test"], workload["answers"])
    print(json.dumps({
        "train_tokens_per_second": tokens / seconds,
        "eval_tokens_per_second": read / passed,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "train_seconds": seconds, "eval_seconds": passed,
        "first_loss": losses[0], "last_loss": losses[-1], "accuracy": accuracy,
        "trainable": sum(p.numel() for p in model.parameters() if p.requires_grad),
    }))


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    main(sys.argv[1])
