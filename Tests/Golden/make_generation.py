"""What Transformers writes, and what its filters leave of a distribution.

    python make_generation.py [--smollm2 FILE.gguf]

Writes fixtures/generation/tiny.json, what the tiny models of make_models.py write after its sequences, filters.json,
the probabilities that are left of random logits, and smollm2.json, 64 tokens of SmolLM2's after each of twenty
prompts, past its end token. Beside each token stands how far the two likeliest lie apart: where that is next to
nothing, another order of sums may choose the other.
"""
import argparse
import json
import os

import torch
from make_models import HERE as MODELS
from make_models import sequences
from transformers import AutoModelForCausalLM, AutoTokenizer, LogitsProcessorList
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

HERE = os.path.join(os.path.dirname(MODELS), "generation")
TINY = ["gpt2", "gpt2-untied", "llama", "llama3"]

# In the order in which `GenerationMixin` puts them.
FILTERS = [
    ("repetition_penalty", RepetitionPenaltyLogitsProcessor), ("temperature", TemperatureLogitsWarper),
    ("top_k", TopKLogitsWarper), ("top_p", TopPLogitsWarper), ("min_p", MinPLogitsWarper),
]
CASES = [
    {}, {"temperature": 0.7}, {"temperature": 1.8}, {"top_k": 1}, {"top_k": 7}, {"top_k": 500}, {"top_p": 0.9},
    {"top_p": 0.3}, {"top_p": 0.0}, {"min_p": 0.05}, {"min_p": 1.0}, {"repetition_penalty": 1.3},
    {"repetition_penalty": 0.8, "top_k": 12}, {"temperature": 0.7, "top_k": 20, "top_p": 0.8},
    {"temperature": 1.4, "top_p": 0.95, "min_p": 0.1},
    {"repetition_penalty": 1.2, "temperature": 0.6, "top_k": 40, "top_p": 0.9, "min_p": 0.02},
]

PROMPTS = [
    "The capital of France is", "Once upon a time, there was a", "Water boils at", "My favourite book is",
    "To bake bread you need", "The history of the Roman Empire", "def fibonacci(n):", "The best way to learn a language",
    "In the morning the birds", "Dear Sir or Madam,", "The difference between a cat and a dog is",
    "A good night's sleep", "If I were a king, I would", "The moon is", "Les oiseaux chantent dans",
    "Write a short poem about the sea.\n", "Question: Why is the sky blue?\nAnswer:", "- apples\n- pears\n-",
    "<|im_start|>user\nWhat is gravity?<|im_end|>\n<|im_start|>assistant\n", "She opened the old wooden door and",
]


def written(model, ids, count):
    """Greedy tokens, without the one that ends them, and how far the likeliest were from the next ones."""
    out = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=count,
        do_sample=False, repetition_penalty=1.0, pad_token_id=0, return_dict_in_generate=True, output_logits=True)
    tokens = out.sequences[0, len(ids):].tolist()
    gaps = [(row[0].topk(2).values[0] - row[0].topk(2).values[1]).item() for row in out.logits]
    if tokens[-1] == model.generation_config.eos_token_id:
        tokens, gaps = tokens[:-1], gaps[:-1]
    return {"prompt": ids, "tokens": tokens, "gaps": [float(f"{gap:.3g}") for gap in gaps]}


def tiny():
    found = {}
    for name in TINY:
        model = AutoModelForCausalLM.from_pretrained(os.path.join(MODELS, name), dtype=torch.float32).eval()
        model.generation_config.eos_token_id = 2
        found[name] = [written(model, ids, 20) for ids in sequences(61)]
    return found


def filters():
    torch.manual_seed(11)
    logits = torch.tensor([[float(f"{x:.5f}") for x in row] for row in (torch.randn(3, 120) * 2.5).tolist()])
    before = torch.tensor([[3, 3, 17, 40, 99], [0, 1, 2, 3, 4], [119, 60, 60, 7, 8]])
    cases = []
    for settings in CASES:
        processors = LogitsProcessorList(make(settings[name]) for name, make in FILTERS if name in settings)
        scores = processors(before, logits.clone())
        shares = torch.softmax(scores.double(), -1)
        cases.append({"settings": settings, "probabilities": [
            {str(token): float(f"{row[token].item():.10g}") for token in row.nonzero().flatten().tolist()}
            for row in shares]})
    return {"logits": logits.tolist(), "before": before.tolist(), "cases": cases}


def smollm2(path):
    folder, file = os.path.split(path)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
    model.generation_config.eos_token_id = None
    found = []
    for prompt in PROMPTS:
        one = written(model, tokenizer(prompt, add_special_tokens=False)["input_ids"], 64)
        one["text"] = tokenizer.decode(one["tokens"], skip_special_tokens=True, clean_up_tokenization_spaces=False)
        found.append(one)
    return found


def write(name, found):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(found, file)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smollm2")
    options = parser.parse_args()
    os.makedirs(HERE, exist_ok=True)
    torch.set_num_threads(1)
    write("tiny.json", tiny())
    write("filters.json", filters())
    if options.smollm2:
        write("smollm2.json", smollm2(options.smollm2))


if __name__ == "__main__":
    main()
