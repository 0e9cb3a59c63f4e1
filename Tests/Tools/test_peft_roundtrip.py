"""Adapters and merged models that Lorikeet writes, as PEFT and Transformers read them.

Needs torch, transformers and peft, and is skipped without them; `make roundtrip` installs them and runs this.
"""

import json
import shutil

import pytest

torch = pytest.importorskip("torch")
peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from conftest import TOP  # noqa: E402

TOKENIZERS = TOP / "Tests/Golden/fixtures/tokenizers"
TEXTS = ["the soup was lovely", "the train was bleak today, honestly", "I say a splendid bridge"]
LABELS = ["negative", "positive"]
NO_DROPOUT = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
LLAMA = dict(hidden_size=48, num_hidden_layers=3, intermediate_size=80, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=256)
GPT2 = dict(n_embd=48, n_layer=3, n_head=4, n_positions=256, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
            bos_token_id=0, eos_token_id=0)


def bert(vocabulary):
    return transformers.BertModel(transformers.BertConfig(
        hidden_size=48, num_attention_heads=4, num_hidden_layers=3, intermediate_size=80, vocab_size=vocabulary,
        max_position_embeddings=128, **NO_DROPOUT))


def llama(vocabulary):
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(vocab_size=vocabulary, tie_word_embeddings=False, **LLAMA))


def gpt2(vocabulary):
    return transformers.GPT2LMHeadModel(transformers.GPT2Config(vocab_size=vocabulary, **GPT2))


# name: the base model, its tokenizer, how the data is read, LoRA's settings
CASES = {
    "bert": (bert, "cased-wordpiece", "", "r=4 alpha=8 targets=query,value,output.dense"),
    "bert, last block": (bert, "cased-wordpiece", "", "r=2 alpha=8 rslora=yes targets=all-linear layers=last:1"),
    "bert, down": (bert, "cased-wordpiece", "", "r=4 alpha=8 targets=down"),
    "bert, names of llama": (bert, "cased-wordpiece", "", "r=4 alpha=8 targets=q_proj,v_proj,mlp layers=0,2"),
    "llama": (llama, "llama3", "", "r=4 alpha=8"),
    "llama, names of bert": (llama, "llama3", "", "r=4 alpha=8 targets=query,value"),
    "llama, writing": (llama, "llama3", "prompt=plain", "r=4 alpha=8 targets=mlp,q layers=1,2"),
    "gpt2": (gpt2, "llama3", "", "r=4 alpha=8"),
    "gpt2, queries and values": (gpt2, "llama3", "", "r=4 alpha=8 targets=q_proj,v_proj"),
    "gpt2, rslora of a third": (gpt2, "llama3", "prompt=plain", "r=4 alpha=8 rslora=yes targets=k,v,down layers=last:2"),
    "gpt2, writing": (gpt2, "llama3", "prompt=plain", "r=4 alpha=8 targets=attn,down"),
}


class Encoder:
    """Token ids as Transformers reads the files of a model's kind, which for GPT-2 is not as they lie there."""

    def __init__(self, folder):
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    def __call__(self, text, special=True):
        return self.tokenizer(text, add_special_tokens=special)["input_ids"]


@pytest.fixture
def base(folder):
    def make(build, name):
        place = folder / "base"
        shutil.copytree(TOKENIZERS / name, place)
        torch.manual_seed(3)
        model = build(tokenizers.Tokenizer.from_file(str(place / "tokenizer.json")).get_vocab_size())
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(torch.randn(parameter.shape) * 0.15 + (1.0 if parameter.dim() == 1 else 0.0))
        model.save_pretrained(place)
        return place

    return make


def script(base, data, lora, full=False):
    method = "full last=1" if full else f"lora dropout=0 {lora}"
    share = "save tuned" if full else "save adapter\nmerge merged"
    pooling = " pooling=cls" if "bert" in (base / "config.json").read_text() else ""
    return "\n".join([
        f"model {base}{pooling}", f"load toy train=32 test=16 {data}", method, "train steps=6 lr=2e-2",
        "predict " + " ".join(f"'{text}'" for text in TEXTS), share, "",
    ])


def run(tool, folder, text):
    (folder / "tune.lk").write_text(text)
    done = tool("lorikeet", "run", "--json", folder / "tune.lk", cwd=folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout + done.stderr
    answers = next(line["value"] for line in lines if line["verb"] == "predict")
    return [[answer["probabilities"][label] for label in LABELS] for answer in answers], lines


def probabilities(model, encode, writes):
    model.eval()
    with torch.no_grad():
        rows = [(written if writes else classified)(model, encode, text) for text in TEXTS]
    return [torch.softmax(row, 0).tolist() for row in rows]


def classified(model, encode, text):
    return model(input_ids=torch.tensor([encode(text)])).logits[0].double()


def written(model, encode, text):
    """The probability of each label's word after the prompt."""
    prompt = encode(f"{text}\n\nClassify the text as negative or positive.\nAnswer:")
    sums = []
    for label in LABELS:
        word = encode(label, special=False)
        # Virtual tokens have logits too.
        logits = model(input_ids=torch.tensor([prompt + word])).logits[0][-len(prompt + word):].double()
        steps = torch.log_softmax(logits[len(prompt) - 1:-1], -1)
        sums.append(sum(steps[index, token] for index, token in enumerate(word)))
    return torch.stack(sums)


def load(place, writes, **options):
    kind = transformers.AutoModelForCausalLM if writes else transformers.AutoModelForSequenceClassification
    more = {} if writes else {"num_labels": len(LABELS), "pad_token_id": 0}
    return kind.from_pretrained(place, dtype=torch.float32, **{**more, **options})


def apart(one, other):
    return max(abs(a - b) for left, right in zip(one, other) for a, b in zip(left, right))


@pytest.mark.parametrize("name", CASES)
def test_what_we_tune_they_read(name, base, tool, folder):
    build, tokenizer, data, lora = CASES[name]
    place, writes = base(build, tokenizer), bool(data)
    ours, _ = run(tool, folder, script(place, data, lora))
    encode = Encoder(place)
    adapted = peft.PeftModel.from_pretrained(load(place, writes), folder / "adapter")
    theirs = probabilities(adapted, encode, writes)
    # Transformers reads merged configurations without help from us.
    merged = probabilities(load(folder / "merged", writes, **({} if writes else {"pad_token_id": 0})), encode, writes)
    plain = probabilities(load(place, writes), encode, writes)
    print(f"{name}: PEFT {apart(ours, theirs):.1e}, merged {apart(ours, merged):.1e}, untuned {apart(ours, plain):.1e}")
    assert apart(ours, theirs) < 1e-5
    assert apart(ours, merged) < 1e-5
    assert apart(ours, plain) > 1e-3, "training changed nothing: the test shows nothing"


@pytest.mark.parametrize("name", ["bert", "llama", "gpt2, writing"])
def test_what_we_tune_whole_they_read(name, base, tool, folder):
    build, tokenizer, data, lora = CASES[name]
    place, writes = base(build, tokenizer), bool(data)
    ours, _ = run(tool, folder, script(place, data, lora, full=True))
    theirs = probabilities(load(folder / "tuned", writes), Encoder(place), writes)
    print(f"{name}, full: {apart(ours, theirs):.1e}")
    assert apart(ours, theirs) < 1e-5


def test_a_saved_model_is_opened_again(base, tool, folder):
    build, tokenizer, data, lora = CASES["bert"]
    ours, _ = run(tool, folder, script(base(build, tokenizer), data, lora, full=True))
    texts = " ".join(f"'{text}'" for text in TEXTS)
    again, _ = run(tool, folder, f"open tuned\npredict {texts}\n")
    assert again == ours


@pytest.mark.parametrize("name", ["bert", "llama"])
def test_what_gives_numbers_they_read(name, base, tool, folder):
    build, tokenizer, _, lora = CASES[name]
    place = base(build, tokenizer)
    words = ["superb", "warm", "dull", "awful"]
    rows = "".join(f"the soup number {n} was {words[n % 4]},{4 - n % 4}\n" for n in range(48))
    (folder / "scores.csv").write_text("text,score\n" + rows)
    pooling = " pooling=cls" if name == "bert" else ""
    (folder / "tune.lk").write_text("\n".join([
        f"model {place}{pooling}", "load scores.csv value=score test=8 validation=8", f"lora dropout=0 {lora}",
        "train steps=6 lr=2e-2", "predict " + " ".join(f"'{text}'" for text in TEXTS), "save adapter", "merge merged", ""]))
    done = tool("lorikeet", "run", "--json", folder / "tune.lk", cwd=folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout + done.stderr
    ours = [answer["value"] for answer in next(line["value"] for line in lines if line["verb"] == "predict")]
    encode = Encoder(place)

    def numbers(model):
        model.eval()
        with torch.no_grad():
            return [model(input_ids=torch.tensor([encode(text)])).logits.item() for text in TEXTS]

    adapted = peft.PeftModel.from_pretrained(load(place, False, num_labels=1), folder / "adapter")
    merged = transformers.AutoModelForSequenceClassification.from_pretrained(
        folder / "merged", dtype=torch.float32, pad_token_id=0)
    assert (merged.config.problem_type, merged.config.num_labels) == ("regression", 1)
    for theirs in [numbers(adapted), numbers(merged)]:
        assert max(abs(a - b) for a, b in zip(ours, theirs)) < 1e-5
