"""Adapters that PEFT makes, as Lorikeet reads them: within rounding of PEFT's own outputs, or refused by name.

Needs torch, transformers and peft, and is skipped without them; `make roundtrip` installs them and runs this.
"""

import json
import re

import pytest

torch = pytest.importorskip("torch")
peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")

from test_peft_roundtrip import (  # noqa: E402
    LABELS, LLAMA, TEXTS, Encoder, apart, base, bert, gpt2, llama, load, probabilities,
)


def tied_llama(vocabulary):
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(vocab_size=vocabulary, tie_word_embeddings=True, **LLAMA))


# The base model, its tokenizer, and whether it writes its answers.
BASES = {
    "bert": (bert, "cased-wordpiece", False),
    "llama": (llama, "llama3", False),
    "llama writes": (llama, "llama3", True),
    "tied llama": (tied_llama, "llama3", False),
    "tied llama writes": (tied_llama, "llama3", True),
    "gpt2": (gpt2, "llama3", False),
    "gpt2 writes": (gpt2, "llama3", True),
}
USUAL = {"bert": ["query", "value"], "llama": ["q_proj", "v_proj"], "gpt2": ["c_attn"]}

# name: the base, PEFT's settings beside r=4 and lora_alpha=8, and what a refusal names (None: it is read)
CASES = {
    "bert, plain": ("bert", {}, None),
    "bert, rslora": ("bert", dict(use_rslora=True), None),
    "bert, gaussian": ("bert", dict(init_lora_weights="gaussian"), None),
    "bert, not zero": ("bert", dict(init_lora_weights=False), None),
    "bert, orthogonal": ("bert", dict(init_lora_weights="orthogonal"), None),
    "bert, mica": ("bert", dict(init_lora_weights="mica"), None),
    "bert, pissa": ("bert", dict(init_lora_weights="pissa"), None),
    "bert, pissa with rslora": ("bert", dict(init_lora_weights="pissa", use_rslora=True), None),
    "bert, pissa_niter": ("bert", dict(init_lora_weights="pissa_niter_16"), "init_lora_weights"),
    "bert, olora": ("bert", dict(init_lora_weights="olora", target_modules=["key", "intermediate.dense", "output.dense"]), None),
    "bert, ranks and alphas": ("bert", dict(
        target_modules=["query", "value", "output.dense"], rank_pattern={"attention.self.value": 2},
        alpha_pattern={"output.dense": 12}, use_rslora=True), None),
    "bert, one block": ("bert", dict(layers_to_transform=1), None),
    "bert, blocks by pattern": ("bert", dict(layers_to_transform=[0, 2], layers_pattern="layer"), None),
    "bert, excluded": ("bert", dict(target_modules=["query", "value", "dense"], exclude_modules=["attention.output.dense", "pooler.dense"]), None),
    "bert, excluded by expression": ("bert", dict(exclude_modules=r".*layer\.1\..*"), None),
    "bert, expression": ("bert", dict(target_modules=r".*\.encoder\.layer\.[01]\..*\.(key|dense)"), None),
    "bert, all-linear": ("bert", dict(target_modules="all-linear"), None),
    "bert, pooler saved": ("bert", dict(modules_to_save=["pooler"]), None),
    "bert, bias all": ("bert", dict(bias="all"), None),
    "bert, bias lora_only": ("bert", dict(bias="lora_only", target_modules=["query", "output.dense"]), None),
    "bert, word table saved": ("bert", dict(modules_to_save=["word_embeddings"]), None),
    "bert, norms saved": ("bert", dict(modules_to_save=["LayerNorm"]), None),
    "bert, word table adapted": ("bert", dict(target_modules=["query", "word_embeddings"]), None),
    "bert, tokens": ("bert", dict(trainable_token_indices={"word_embeddings": [5, 9]}), None),
    "bert, dora": ("bert", dict(use_dora=True), None),
    "bert, bias of B": ("bert", dict(lora_bias=True), "lora_bias"),
    "llama, plain": ("llama", {}, None),
    "llama, all-linear": ("llama", dict(target_modules="all-linear"), None),
    "llama, ranks": ("llama", dict(target_modules=["q_proj", "down_proj"], rank_pattern={r"layers\.1\.self_attn\.q_proj": 7}), None),
    "llama, pissa": ("llama", dict(init_lora_weights="pissa"), None),
    "llama, olora": ("llama", dict(init_lora_weights="olora"), None),
    "llama, table saved": ("llama", dict(modules_to_save=["embed_tokens"]), None),
    "llama, replicated blocks": ("llama", dict(layer_replication=[[0, 2], [1, 3]]), "layer_replication"),
    "llama, velora": ("llama", dict(velora_config={"num_groups": 4, "scale": 1.0}), "velora_config"),
    "llama, kasa": ("llama", dict(kasa_config={}), "kasa_config"),
    "llama writes, expression": ("llama writes", dict(target_modules=r"model\.layers\.\d\.(mlp\.up_proj|self_attn\.o_proj)"), None),
    "llama writes, table and head saved": ("llama writes", dict(modules_to_save=["embed_tokens", "lm_head"]), None),
    "llama writes, head adapted": ("llama writes", dict(target_modules=["q_proj", "lm_head"]), None),
    "llama writes, last block": ("llama writes", dict(layers_to_transform=[2], layers_pattern=["layers"]), None),
    "tied llama, table saved": ("tied llama", dict(modules_to_save=["embed_tokens"]), None),
    "tied llama writes, table saved": ("tied llama writes", dict(modules_to_save=["embed_tokens"]), "modules_to_save"),
    "tied llama writes, head saved": ("tied llama writes", dict(modules_to_save=["lm_head"]), "modules_to_save"),
    "tied llama writes, tied table saved": ("tied llama writes", dict(modules_to_save=["embed_tokens"], ensure_weight_tying=True), None),
    "gpt2, plain": ("gpt2", {}, None),
    "gpt2, not said to be in by out": ("gpt2", dict(fan_in_fan_out=False), None),
    "gpt2, pissa": ("gpt2", dict(init_lora_weights="pissa"), None),
    "gpt2, olora": ("gpt2", dict(init_lora_weights="olora", target_modules=["attn.c_proj"]), None),
    "gpt2, bias all": ("gpt2", dict(bias="all"), None),
    "gpt2, bias lora_only": ("gpt2", dict(bias="lora_only", target_modules=["c_proj"]), None),
    "gpt2, all-linear": ("gpt2", dict(target_modules="all-linear"), None),
    "gpt2 writes, all-linear": ("gpt2 writes", dict(target_modules="all-linear"), None),
    "gpt2 writes, table saved": ("gpt2 writes", dict(modules_to_save=["wte"]), "modules_to_save"),
    "gpt2 writes, positions saved": ("gpt2 writes", dict(modules_to_save=["wpe", "ln_f"]), None),
    "gpt2 writes, table adapted": ("gpt2 writes", dict(target_modules=["c_attn", "wte"]), None),
    "gpt2 writes, tokens": ("gpt2 writes", dict(trainable_token_indices=[3, 4]), None),
    "gpt2 writes, dora": ("gpt2 writes", dict(use_dora=True), None),
}


def train(model, encode, writes):
    """A few steps at a high rate, so that nothing is left near its start."""
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    model.train()
    for step in range(4):
        optimizer.zero_grad()
        for index, text in enumerate(TEXTS):
            ids = torch.tensor([encode(text)])
            model(input_ids=ids, labels=ids if writes else torch.tensor([index % 2])).loss.backward()
        optimizer.step()
    model.eval()


def make(place, folder, settings, writes, encode):
    family = json.loads((place / "config.json").read_text())["model_type"]
    options = {"r": 4, "lora_alpha": 8, "target_modules": USUAL[family], "fan_in_fan_out": family == "gpt2", **settings}
    torch.manual_seed(11)
    config = peft.LoraConfig(task_type="CAUSAL_LM" if writes else "SEQ_CLS", **options)
    model = peft.get_peft_model(load(place, writes), config)
    train(model, encode, writes)
    model.save_pretrained(folder)
    return probabilities(model, encode, writes)


@pytest.mark.parametrize("name", CASES)
def test_what_they_tune_we_read_or_refuse(name, base, tool, folder):
    kind, settings, refusal = CASES[name]
    build, tokenizer, writes = BASES[kind]
    place = base(build, tokenizer)
    encode = Encoder(place)
    torch.set_num_threads(1)
    tuned = make(place, folder / "adapter", dict(settings), writes, encode)
    theirs = probabilities(peft.PeftModel.from_pretrained(load(place, writes), folder / "adapter"), encode, writes)
    pooling = " pooling=cls" if kind == "bert" else ""
    data = "load toy train=32 test=16" + (" prompt=plain" if writes else "")
    texts = " ".join(f"'{text}'" for text in TEXTS)
    (folder / "read.lk").write_text(f"model {place}{pooling}\n{data}\nopen adapter\npredict {texts}\n")
    done = tool("lorikeet", "run", "--json", folder / "read.lk", cwd=folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        said = done.stdout + done.stderr
        print(f"{name}: PEFT's reload {apart(tuned, theirs):.1e}; refused: {said[-400:]}")
        assert refusal and re.search(re.escape(refusal), said)
        return
    answers = next(line["value"] for line in lines if line["verb"] == "predict")
    ours = [[answer["probabilities"][label] for label in LABELS] for answer in answers]
    print(f"{name}: PEFT's reload {apart(tuned, theirs):.1e}, ours {apart(ours, theirs):.1e}")
    assert apart(ours, theirs) < 1e-5
    assert refusal is None
