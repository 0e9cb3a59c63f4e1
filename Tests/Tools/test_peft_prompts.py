"""Prompt and prefix tuning between Lorikeet and PEFT, both ways: what one saves the other computes within rounding.

Needs torch, transformers and peft, and is skipped without them; `make roundtrip` installs them and runs this.
"""

import math

import pytest

torch = pytest.importorskip("torch")
peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")

from test_peft_roundtrip import (  # noqa: E402
    TEXTS, Encoder, apart, base, bert, gpt2, llama, load, probabilities, run,
)

# The base model, its tokenizer, and whether it writes its answers.
BASES = {
    "bert": (bert, "cased-wordpiece", False),
    "llama": (llama, "llama3", False),
    "llama writes": (llama, "llama3", True),
    "gpt2": (gpt2, "llama3", False),
    "gpt2 writes": (gpt2, "llama3", True),
}

OURS = [
    "prompt_tuning tokens=8", "prompt_tuning tokens=6 init=random", "prompt_tuning tokens=9 text='Is it lovely or bleak?'",
    "prefix_tuning tokens=5", "prefix_tuning tokens=5 init=random", "prefix_tuning tokens=5 projection=yes hidden=12 init=random",
    "prefix_tuning tokens=6 text='Is it lovely or bleak?'",
    # What is trained beside it is in PEFT's modules_to_save.
    "prompt_tuning tokens=4\nunfreeze norms", "prefix_tuning tokens=4\nunfreeze norms",
]


def logarithms(rows):
    """Probabilities of words that are nearly sure tell little."""
    return [[math.log(value) for value in row] for row in rows]


def predict():
    return "predict " + " ".join(f"'{text}'" for text in TEXTS)


def reading(place, writes):
    pooling = " pooling=cls" if "bert" in (place / "config.json").read_text() else ""
    return f"model {place}{pooling}\nload toy train=32 test=16{' prompt=plain' if writes else ''}"


@pytest.mark.parametrize("method", OURS)
@pytest.mark.parametrize("kind", BASES)
def test_what_we_tune_they_read(kind, method, base, tool, folder):
    build, tokenizer, writes = BASES[kind]
    place = base(build, tokenizer)
    ours, _ = run(tool, folder, f"{reading(place, writes)}\n{method}\ntrain steps=6 lr=2e-2\n{predict()}\nsave adapter\n")
    encode = Encoder(place)
    theirs = probabilities(peft.PeftModel.from_pretrained(load(place, writes), folder / "adapter"), encode, writes)
    plain = probabilities(load(place, writes), encode, writes)
    moved = apart(logarithms(ours), logarithms(plain))
    print(f"{kind}, {method}: PEFT {apart(ours, theirs):.1e}, logarithms {apart(logarithms(ours), logarithms(theirs)):.1e}, "
          f"untuned {moved:.1e}")
    assert apart(ours, theirs) < 1e-5
    assert apart(logarithms(ours), logarithms(theirs)) < 1e-4
    assert moved > 1e-2, "training changed nothing: the test shows nothing"
    again, _ = run(tool, folder, f"{reading(place, writes)}\nopen adapter\n{predict()}\n")
    assert apart(ours, again) < 1e-6


def test_after_cls_is_ours_alone(base, tool, folder):
    place = base(bert, "cased-wordpiece")
    ours, _ = run(tool, folder, f"{reading(place, False)}\nprompt_tuning tokens=8 at=after_cls\n"
                                f"train steps=6 lr=2e-2\n{predict()}\nsave adapter\n")
    assert "PEFT puts them before it" in tool("lorikeet", "run", folder / "tune.lk", cwd=folder).stdout
    theirs = probabilities(peft.PeftModel.from_pretrained(load(place, False), folder / "adapter"), Encoder(place), False)
    again, _ = run(tool, folder, f"{reading(place, False)}\nopen adapter\n{predict()}\n")
    assert apart(ours, theirs) > 1e-4
    assert apart(ours, again) < 1e-6


THEIRS = {
    "prompt, random": peft.PromptTuningConfig(num_virtual_tokens=7),
    "prompt, vocabulary": peft.PromptTuningConfig(num_virtual_tokens=7, prompt_tuning_init="SAMPLE_VOCAB"),
    "prompt, text": peft.PromptTuningConfig(
        num_virtual_tokens=7, prompt_tuning_init="TEXT", prompt_tuning_init_text="Is it lovely or bleak?",
        tokenizer_name_or_path="BASE"),
    "prefix": peft.PrefixTuningConfig(num_virtual_tokens=4),
    "prefix, zero": peft.PrefixTuningConfig(num_virtual_tokens=4, init_weights="zero"),
    "prefix, projected": peft.PrefixTuningConfig(num_virtual_tokens=4, prefix_projection=True, encoder_hidden_size=12),
    "prefix, projected as wide as usual": peft.PrefixTuningConfig(num_virtual_tokens=4, prefix_projection=True),
}


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("kind", BASES)
def test_what_they_tune_we_read(kind, name, base, tool, folder):
    build, tokenizer, writes = BASES[kind]
    place = base(build, tokenizer)
    encode = Encoder(place)
    torch.set_num_threads(1)
    torch.manual_seed(11)
    settings = {key: str(place) if value == "BASE" else value for key, value in THEIRS[name].to_dict().items()
                if key in ("num_virtual_tokens", "prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path",
                           "prefix_projection", "encoder_hidden_size", "init_weights")}
    config = type(THEIRS[name])(task_type="CAUSAL_LM" if writes else "SEQ_CLS", **settings)
    model = peft.get_peft_model(load(place, writes), config)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    for _ in range(4):
        optimizer.zero_grad()
        for index, text in enumerate(TEXTS):
            ids = torch.tensor([encode(text)])
            model(input_ids=ids, labels=ids if writes else torch.tensor([index % 2])).loss.backward()
        optimizer.step()
    model.save_pretrained(folder / "adapter")
    theirs = probabilities(peft.PeftModel.from_pretrained(load(place, writes), folder / "adapter"), encode, writes)
    ours, _ = run(tool, folder, f"{reading(place, writes)}\nopen adapter\n{predict()}\n")
    print(f"{kind}, {name}: {apart(ours, theirs):.1e}")
    assert apart(ours, theirs) < 1e-5
