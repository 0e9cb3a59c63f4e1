"""Golden values of tiny models cut to their first block, as Transformers cuts them with num_hidden_layers=1.

    python make_blocks.py

Writes fixtures/blocks.json: for each tiny model of make_models.py the number of parameters and every seventh logit.
"""
import json
import os

import torch
from make_models import HERE as MODELS
from make_models import sequences
from transformers import AutoModelForCausalLM, BertForMaskedLM


def main():
    found = {}
    for name in ["bert", "gpt2", "gpt2-untied", "llama", "llama3"]:
        kind = BertForMaskedLM if name == "bert" else AutoModelForCausalLM
        model = kind.from_pretrained(os.path.join(MODELS, name), num_hidden_layers=1).eval()
        logits = []
        for ids in sequences(61):
            with torch.no_grad():
                logits += model(torch.tensor([ids])).logits[0].flatten().tolist()
        found[name] = {"parameters": sum(p.numel() for p in model.parameters()), "logits": logits[::7]}
    with open(os.path.join(os.path.dirname(MODELS), "blocks.json"), "w") as file:
        json.dump(found, file)
        file.write("\n")


if __name__ == "__main__":
    main()
