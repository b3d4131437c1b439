"""Opens with transformers and peft what SavedFolders saved: check_saved.py OUT

For every model: logits of the saved folder against those of the folder it was loaded from (must be equal, bit for bit), and
mean log-probabilities of texts, without and with the adapter, against the library's own.
"""
import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

torch.set_num_threads(1)


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def likelihood(model, ids):
    ids = torch.tensor([ids])
    return torch.log_softmax(model(ids).logits[0, :-1].double(), -1).gather(1, ids[0, 1:, None]).mean().item()


failed = False
with torch.no_grad():
    for expected_file in sorted(Path(sys.argv[1]).glob("*/expected.json")):
        folder, expected = expected_file.parent, json.loads(expected_file.read_text())
        original, saved = load(expected["source"]), load(folder / "model")
        same = max((original(torch.tensor([t])).logits - saved(torch.tensor([t])).logits).abs().max().item() for t in expected["texts"])
        model = max(abs(likelihood(saved, t) - e) for t, e in zip(expected["texts"], expected["model"]))
        words = "What is a river?"
        tokenizers = AutoTokenizer.from_pretrained(expected["source"]), AutoTokenizer.from_pretrained(folder / "model")
        tokens = len({tuple(t(words).input_ids) for t in tokenizers}) == 1
        tuned = PeftModel.from_pretrained(saved, folder / "adapter").eval()
        adapter = max(abs(likelihood(tuned, t) - e) for t, e in zip(expected["texts"], expected["adapter"]))
        moved = max(abs(a - b) for a, b in zip(expected["model"], expected["adapter"]))
        ok = same == 0 and model < 1e-5 and adapter < 1e-5 and tokens
        failed |= not ok
        print(f"{'ok  ' if ok else 'FAIL'} {folder.name}: logits after saving differ by {same:.0e}; log-probabilities from the library's: model {model:.0e}, adapter {adapter:.0e} (which moved them by {moved:.1e})")
sys.exit(failed)
