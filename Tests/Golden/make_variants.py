"""Tiny random models of every switch that a config.json has, with what Transformers makes of them.

    python make_variants.py FOLDER [--only NAME,NAME]

Writes FOLDER/NAME/ with config.json, model.safetensors and golden.st; where the reference itself refuses,
golden.st is missing. `VariantTests` reads the folder that LORIKEET_VARIANTS names: agreement, or refusal by
name. Those of COMMITTED also lie in fixtures/variants.
"""
import argparse
import json
import os
import shutil

import torch
import transformers
from safetensors.torch import load_file, save_file

from make_models import sequences

VOCABULARY = 29
COMMITTED = ["bert-decoder", "bert-untied", "bert-untied-bias", "bert-relu", "gpt2-unscaled", "gpt2-aliases",
             "gpt2-tied-with-head", "llama-tied-with-head", "llama-gelu", "llama-yarn", "llama-longrope",
             "llama-theta-twice", "llama-scaling-and-parameters", "llama-dynamic"]
BERT = dict(hidden_size=8, num_attention_heads=2, num_hidden_layers=2, intermediate_size=12, vocab_size=VOCABULARY,
            max_position_embeddings=32)
GPT2 = dict(n_embd=8, n_head=2, n_layer=2, vocab_size=VOCABULARY, n_positions=32)
LLAMA = dict(hidden_size=16, num_hidden_layers=2, intermediate_size=12, vocab_size=VOCABULARY, num_attention_heads=2,
             max_position_embeddings=64)
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 16}
LONG = {"rope_type": "longrope", "short_factor": [1.0, 1.5, 2.0, 4.0], "long_factor": [1.0, 1.5, 2.0, 4.0],
        "original_max_position_embeddings": 64}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}


class Variant:
    """A configuration to build, what is then changed in its config.json (None drops a key) and its tensors."""

    def __init__(self, kind, config, edit=None, tensors=None):
        self.kind, self.config, self.edit, self.tensors = kind, config, edit or {}, tensors or (lambda t: t)


def without(*names):
    return lambda tensors: {k: v for k, v in tensors.items() if k not in names}


def plus(**more):
    return lambda tensors: {**tensors, **{k.replace("__", "."): v for k, v in more.items()}}


def random(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def variants():
    activations = sorted(transformers.activations.ACT2FN)
    masked, causal, llama = "BertForMaskedLM", "GPT2LMHeadModel", "LlamaForCausalLM"
    yield "bert", Variant(masked, BERT)
    for name in activations:
        yield f"bert-{name}", Variant(masked, {**BERT, "hidden_act": name})
        yield f"gpt2-{name}", Variant(causal, {**GPT2, "activation_function": name})
        yield f"llama-{name}", Variant(llama, {**LLAMA, "hidden_act": name})
    yield "bert-decoder", Variant("BertLMHeadModel", {**BERT, "is_decoder": True})
    yield "bert-decoder-masked", Variant(masked, {**BERT, "is_decoder": True})
    yield "bert-cross", Variant("BertLMHeadModel", {**BERT, "is_decoder": True, "add_cross_attention": True})
    yield "bert-relative", Variant(masked, BERT, {"position_embedding_type": "relative_key"})
    yield "bert-eps", Variant(masked, {**BERT, "layer_norm_eps": 1e-3})
    yield "bert-one-segment", Variant(masked, {**BERT, "type_vocab_size": 1})
    yield "bert-untied", Variant(masked, {**BERT, "tie_word_embeddings": False})
    yield "bert-untied-bias", Variant(masked, {**BERT, "tie_word_embeddings": False}, tensors=plus(
        **{"cls__predictions__bias": random(VOCABULARY), "cls__predictions__decoder__bias": random(VOCABULARY)}))
    yield "bert-tied-with-head", Variant(masked, BERT, tensors=plus(
        **{"cls__predictions__decoder__weight": random(VOCABULARY, 8)}))
    yield "bert-chunks", Variant(masked, {**BERT, "chunk_size_feed_forward": 1})
    yield "bert-pad", Variant(masked, {**BERT, "pad_token_id": 3})
    yield "bert-dtype", Variant(masked, BERT, {"dtype": "bfloat16"})
    yield "bert-pruned", Variant(masked, BERT, {"pruned_heads": {"0": [1]}})
    yield "bert-bare", Variant("BertModel", BERT)
    yield "bert-no-pooler", Variant("BertModel", BERT, tensors=without("pooler.dense.weight", "pooler.dense.bias"))
    yield "gpt2", Variant(causal, GPT2)
    yield "gpt2-inner", Variant(causal, {**GPT2, "n_inner": 20})
    yield "gpt2-unscaled", Variant(causal, {**GPT2, "scale_attn_weights": False})
    yield "gpt2-by-layer", Variant(causal, {**GPT2, "scale_attn_by_inverse_layer_idx": True})
    yield "gpt2-both-scales", Variant(
        causal, {**GPT2, "scale_attn_by_inverse_layer_idx": True, "scale_attn_weights": False})
    yield "gpt2-upcast", Variant(causal, {**GPT2, "reorder_and_upcast_attn": True})
    yield "gpt2-cross", Variant(causal, {**GPT2, "add_cross_attention": True})
    yield "gpt2-eps", Variant(causal, {**GPT2, "layer_norm_epsilon": 1e-2})
    yield "gpt2-summary", Variant(causal, {**GPT2, "summary_type": "mean", "summary_activation": "tanh"})
    yield "gpt2-untied", Variant(causal, {**GPT2, "tie_word_embeddings": False})
    yield "gpt2-tied-with-head", Variant(causal, GPT2, tensors=plus(lm_head__weight=random(VOCABULARY, 8)))
    yield "gpt2-aliases", Variant(causal, GPT2, {
        "n_embd": None, "hidden_size": 8, "n_head": None, "num_attention_heads": 2, "n_layer": None,
        "num_hidden_layers": 2, "n_positions": None, "max_position_embeddings": 32})
    yield "gpt2-alias-beside", Variant(causal, GPT2, {"n_head": 4, "num_attention_heads": 2})
    yield "gpt2-ctx", Variant(causal, GPT2, {"n_ctx": 16})
    yield "gpt2-bare", Variant("GPT2Model", GPT2)
    yield "gpt2-double", Variant("GPT2DoubleHeadsModel", GPT2)
    yield "llama", Variant(llama, LLAMA)
    yield "llama-grouped", Variant(llama, {**LLAMA, "num_key_value_heads": 1})
    yield "llama-head-dim", Variant(llama, {**LLAMA, "head_dim": 4})
    yield "llama-biases", Variant(llama, {**LLAMA, "attention_bias": True, "mlp_bias": True})
    yield "llama-bias-unsaid", Variant(llama, {**LLAMA, "attention_bias": True}, {"attention_bias": False})
    yield "llama-tied", Variant(llama, {**LLAMA, "tie_word_embeddings": True})
    yield "llama-tied-with-head", Variant(llama, {**LLAMA, "tie_word_embeddings": False}, {"tie_word_embeddings": True})
    yield "llama-tied-without-table", Variant(
        llama, {**LLAMA, "tie_word_embeddings": False}, {"tie_word_embeddings": True},
        without("model.embed_tokens.weight"))
    yield "llama-eps", Variant(llama, {**LLAMA, "rms_norm_eps": 1e-2})
    yield "llama-pretraining-tp", Variant(llama, {**LLAMA, "pretraining_tp": 2})
    yield "llama-bare", Variant("LlamaModel", LLAMA)
    yield "llama-bare-tied", Variant("LlamaModel", {**LLAMA, "tie_word_embeddings": True})
    rope = {"rope_parameters": None, "rope_theta": None, "rope_scaling": None}
    for name, edit in {
        "theta": {"rope_theta": 500.0},
        "theta-inside": {"rope_parameters": {"rope_type": "default", "rope_theta": 100.0}},
        "theta-twice": {"rope_parameters": {"rope_type": "default", "rope_theta": 100.0}, "rope_theta": 500.0},
        "linear": {"rope_scaling": {"type": "linear", "factor": 2.0}},
        "linear-theta-twice": {
            "rope_scaling": {"rope_type": "linear", "factor": 2.0, "rope_theta": 100.0}, "rope_theta": 500.0},
        "scaling-and-parameters": {
            "rope_scaling": {"rope_type": "linear", "factor": 2.0}, "rope_theta": 500.0,
            "rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 100.0}},
        "empty-scaling": {"rope_scaling": {}, "rope_parameters": {"rope_type": "linear", "factor": 4.0}},
        "both-types": {"rope_scaling": {"rope_type": "linear", "type": "default", "factor": 2.0}},
        "linear-without-factor": {"rope_scaling": {"rope_type": "linear"}},
        "default-with-factor": {"rope_scaling": {"rope_type": "default", "factor": 2.0}},
        "llama3": {"rope_scaling": LLAMA3},
        **{f"llama3-without-{key}": {"rope_scaling": {k: v for k, v in LLAMA3.items() if k != key}}
           for key in list(LLAMA3)[1:]},
        "llama3-outside": {"rope_scaling": LLAMA3, "original_max_position_embeddings": 32},
        "dynamic": {"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}},
        "yarn": {"rope_scaling": YARN},
        "yarn-attention": {"rope_scaling": {**YARN, "attention_factor": 1.3, "beta_fast": 8, "beta_slow": 2}},
        "yarn-mscale": {"rope_scaling": {**YARN, "mscale": 0.7, "mscale_all_dim": 0.4, "truncate": False}},
        "longrope": {"rope_scaling": LONG},
        "longrope-factor": {"rope_scaling": {**LONG, "factor": 2.0}},
        "longrope-two": {"rope_scaling": {
            **LONG, "long_factor": [2.0, 3.0, 4.0, 5.0], "original_max_position_embeddings": 8}},
        "proportional": {"rope_scaling": {"rope_type": "proportional", "factor": 2.0}},
        "partial": {"partial_rotary_factor": 0.5},
        "partial-linear": {"partial_rotary_factor": 0.5, "rope_scaling": {"rope_type": "linear", "factor": 2.0}},
        "unknown": {"rope_scaling": {"rope_type": "unheard"}},
    }.items():
        yield f"llama-{name}", Variant(llama, LLAMA, {**rope, **edit})
    yield "llama-int8", Variant(llama, LLAMA, tensors=lambda t: {
        k: (v * 40).round().to(torch.int8) if v.dim() > 1 and "layers" in k else v for k, v in t.items()})


def write(folder, name, variant):
    shutil.rmtree(folder, ignore_errors=True)
    config = {k: v for k, v in variant.config.items()}
    try:
        model_class = getattr(transformers, variant.kind)
        model = model_class(model_class.config_class(**config))
    except Exception as problem:
        return f"cannot be built: {problem}"
    torch.manual_seed(len(name))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.4 + (1.0 if parameter.dim() == 1 else 0.0))
    model.save_pretrained(folder)
    if os.path.exists(f"{folder}/generation_config.json"):
        os.remove(f"{folder}/generation_config.json")
    with open(f"{folder}/config.json") as file:
        written = json.load(file)
    for key, value in variant.edit.items():
        written.pop(key, None)
        if value is not None:
            written[key] = value
    with open(f"{folder}/config.json", "w") as file:
        json.dump(written, file, indent=1)
    tensors = variant.tensors(load_file(f"{folder}/model.safetensors"))
    save_file(tensors, f"{folder}/model.safetensors", {"format": "pt"})
    try:
        again = model_class.from_pretrained(folder, dtype=torch.float32).eval()
        rows = []
        with torch.no_grad():
            for sequence in sequences(VOCABULARY):
                out = again(torch.tensor([sequence]))
                rows.append((out.logits if hasattr(out, "logits") else out.last_hidden_state)[0])
        save_file({"logits": torch.cat(rows).contiguous()}, f"{folder}/golden.st")
    except Exception as problem:
        return f"refused: {type(problem).__name__}"
    return "written"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--only")
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    wanted = options.only.split(",") if options.only else None
    fixtures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "variants")
    for name, variant in variants():
        if wanted is None or name in wanted:
            print(name, write(os.path.join(options.folder, name), name, variant))
            if name in COMMITTED:
                shutil.rmtree(os.path.join(fixtures, name), ignore_errors=True)
                shutil.copytree(os.path.join(options.folder, name), os.path.join(fixtures, name))


if __name__ == "__main__":
    main()
