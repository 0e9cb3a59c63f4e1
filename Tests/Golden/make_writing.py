"""What models that write texts read and learn, by Transformers and PEFT: ten steps over requests with answers, dialogues
and windows of texts; perplexities; and dialogues as tokens.

    python make_writing.py [--smollm2 FILE.gguf]

Writes fixtures/writing/steps.json: losses and norms of ten steps of full tuning and LoRA over the tiny LLaMA, whose tokens
are words' numbers (`words` below, `WordNumbers` in the tests), with `labels` as Transformers wants them.
Writes fixtures/writing/perplexity.json: sums of -log p over answers, and over a long text by the sliding window of
Transformers' page on perplexity, every foretold token counted.
Writes fixtures/writing/chat.json: ids by `apply_chat_template` of templates that say what ours say.
"""
import argparse
import json
import os
import re

import torch
from make_models import HERE as MODELS
from make_models import formula
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

FOLDER = os.path.join(os.path.dirname(MODELS), "writing")
BOS, EOS = 1, 2
RIVER = "the river rose and carried a bridge off and nobody in the town had a boat to cross it until the water fell again"

REQUESTS = [
    {"instruction": "name the colour", "input": "the sky at noon", "output": "blue"},
    {"instruction": "greet a friend", "input": "", "output": "good day to you"},
    {"instruction": "count", "input": "one two three", "output": "three words"},
]
DIALOGUES = [
    [["user", "hello there"], ["assistant", "good day"], ["user", "how are you"], ["assistant", "well thanks"]],
    [["system", "be brief"], ["user", "what is a boat"], ["assistant", "it floats"]],
    [["user", "bye"], ["assistant", "see you soon then"]],
]
TEXTS = [RIVER, "a short one", " ".join(reversed(RIVER.split()))]
WINDOW = 12


def words(text):
    return [3 + sum_fold(word) for word in re.findall(r"[^\W\d_]+", text)]


def sum_fold(word):
    number = 0
    for letter in word:
        number = (number + ord(letter)) % 58
    return number


def alpaca(row):
    opening = "Below is an instruction that describes a task"
    asks = "Write a response that appropriately completes the request."
    if row["input"]:
        prompt = (f"{opening}, paired with an input that provides further context. {asks}\n\n### Instruction:\n"
                  f"{row['instruction']}\n\n### Input:\n{row['input']}\n\n### Response:")
    else:
        prompt = f"{opening}. {asks}\n\n### Instruction:\n{row['instruction']}\n\n### Response:"
    read, learned = [BOS] + words(prompt), words(row["output"]) + [EOS]
    return read + learned, [-100] * len(read) + learned


def chatml(turns, learn="assistant"):
    ids, labels = [], []
    last = max(index for index, (role, _) in enumerate(turns) if role == "assistant")
    for index, (role, content) in enumerate(turns):
        read, said = words(f"<|im_start|>{role}\n"), words(f"{content}<|im_end|>")
        is_learned = role == "assistant" and (learn == "assistant" or index == last)
        ids += read + said
        labels += [-100] * len(read) + (said if is_learned else [-100] * len(said))
    return ids, labels


def windows(text):
    ids = [BOS] + words(text) + [EOS]
    rows = []
    for start in range(0, len(ids) - 1, WINDOW - 1):
        own = ids[start:start + WINDOW]
        rows.append((own, [-100] + own[1:]))
    return rows


def loaded(lora):
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_pretrained(os.path.join(MODELS, "llama"), attn_implementation="eager")
    if not lora:
        return model
    model = get_peft_model(model, LoraConfig(
        task_type="CAUSAL_LM", r=4, lora_alpha=8, lora_dropout=0.0, target_modules=["q_proj", "v_proj"]))
    for index, a in enumerate(p for n, p in model.named_parameters() if ".lora_A." in n):
        formula(a, 0.3, 0.1 * index)
    return model


def nll(model, rows):
    """The sum of -log p over learned tokens, and how many there are."""
    total, count = 0.0, 0
    for ids, labels in rows:
        loss = model(torch.tensor([ids]), labels=torch.tensor([labels])).loss
        own = sum(label != -100 for label in labels[1:])
        total, count = total + loss * own, count + own
    return total, count


def steps(rows, lora):
    model = loaded(lora)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-2 if lora else 1e-3, weight_decay=0.01)
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        total, count = nll(model, rows)
        loss = total / count
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(trained, 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms, "tokens": count}


def sliding(model, ids, length, stride):
    """Transformers' loop; its windows count one token fewer than they foretell, and here each counts once."""
    total, count, before = 0.0, 0, 0
    for begin in range(0, len(ids), stride):
        end = min(begin + length, len(ids))
        own = ids[begin:end]
        labels = [-100] * (len(own) - (end - before)) + own[len(own) - (end - before):]
        if sum(label != -100 for label in labels[1:]):
            found, tokens = nll(model, [(own, labels)])
            total, count = total + found.item(), count + tokens
        before = end
        if end == len(ids):
            break
    return {"length": length, "stride": stride, "loss": total, "tokens": count}


CHAT = {
    "chatml": "{% for m in messages %}{{ '<|im_start|>' ~ m.role ~ '\n' ~ m.content ~ '<|im_end|>\n' }}{% endfor %}"
              "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "llama2": "{% set ns = namespace(system='') %}{% for m in messages %}"
              "{% if m.role == 'system' %}{% set ns.system = '<<SYS>>\n' ~ m.content ~ '\n<</SYS>>\n\n' %}"
              "{% elif m.role == 'user' %}{{ '<s>[INST] ' ~ (ns.system ~ m.content).strip() ~ ' [/INST]' }}"
              "{% set ns.system = '' %}{% else %}{{ ' ' ~ m.content.strip() ~ ' </s>' }}{% endif %}{% endfor %}",
    "zephyr": "{% for m in messages %}{{ '<|' ~ m.role ~ '|>\n' ~ m.content ~ '</s>\n' }}{% endfor %}"
              "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}",
}
SPOKEN = [
    [["user", "Hello, who are you?"], ["assistant", "A model; 42 at heart."]],
    [["system", "Be brief.\nAnd kind."], ["user", "Why is the sky blue?  Tell me."], ["assistant", "Rayleigh scattering."],
     ["user", "Und auf Deutsch? Ü!"], ["assistant", "Streuung\n\n- des Lichts"]],
    [["user", "1 + 1 = ?\n"], ["assistant", "2"], ["user", "thanks 😀"], ["assistant", "you're welcome"]],
]


def chat(smollm2):
    def ids(tokenizer, asks):
        found = []
        for turns in SPOKEN:
            turns = turns[:-1] if asks else turns
            found.append(tokenizer.apply_chat_template(
                [{"role": role, "content": content} for role, content in turns], add_generation_prompt=asks,
                tokenize=True, return_dict=False))
        return found

    result = {"dialogues": SPOKEN}
    tiny = os.path.join(os.path.dirname(MODELS), "tokenizers")
    for name, folder in [("llama2", "llama"), ("zephyr", "llama"), ("llama2", "llama-metaspace")]:
        tokenizer = PreTrainedTokenizerFast(
            tokenizer_object=Tokenizer.from_file(os.path.join(tiny, folder, "tokenizer.json")),
            bos_token="<s>", eos_token="</s>", chat_template=CHAT[name])
        result[f"{name} {folder}"] = {"ids": ids(tokenizer, False), "asked": ids(tokenizer, True)}
    if smollm2:
        import gguf
        from make_tokenizers import byte_level_from_gguf
        fields = gguf.GGUFReader(smollm2).fields
        own = bytes(fields["tokenizer.chat_template"].parts[-1]).decode()
        for name, template in [("chatml smollm2", CHAT["chatml"]), ("chat smollm2", own)]:
            tokenizer = PreTrainedTokenizerFast(
                tokenizer_object=byte_level_from_gguf(smollm2), bos_token="<|im_start|>", eos_token="<|im_end|>",
                chat_template=template)
            result[name] = {"ids": ids(tokenizer, False), "asked": ids(tokenizer, True)}
    return result


def write(name, value):
    with open(os.path.join(FOLDER, name), "w") as file:
        json.dump(value, file, ensure_ascii=False)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--smollm2")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(FOLDER, exist_ok=True)
    rows = {
        "alpaca": [alpaca(row) for row in REQUESTS],
        "chatml": [chatml(turns) for turns in DIALOGUES],
        "chatml last": [chatml(turns, "last") for turns in DIALOGUES],
        "texts": [row for text in TEXTS for row in windows(text)],
    }
    write("steps.json", {
        "requests": REQUESTS, "dialogues": DIALOGUES, "texts": TEXTS, "window": WINDOW,
        "rows": rows,
        "steps": {name: {"full": steps(own, False), "lora": steps(own, True)} for name, own in rows.items()}})
    model = loaded(False).double().eval()
    with torch.no_grad():
        judged = {name: [float(x) for x in nll(model, own)] for name, own in rows.items()}
        ids = [BOS] + words(" ".join(TEXTS * 3))
        slid = [sliding(model, ids, *pair) for pair in [(16, 8), (16, 16), (16, 1), (64, 32), (7, 3)]]
    write("perplexity.json", {"answers": judged, "text": " ".join(TEXTS * 3), "sliding": slid})
    write("chat.json", chat(arguments.smollm2))


if __name__ == "__main__":
    main()
