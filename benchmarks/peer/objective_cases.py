"""What PyTorch computes for preferences, rewards and reward models with the golden models, in float32.

    objective_cases.py GOLDEN_FOLDER OUT.json

GOLDEN_FOLDER is language-model/src/test/resources/golden. Texts and answers are the `batches` of each golden.json: rows 0, 1
and rows 2, 3 are a pair (preferred, rejected); in turn one batch and the other. The reference is the untrained model. AdamW as
in the README there, gradients clipped to norm 1.

A reward is the logit of token TOKEN behind a text's last token.
"""
import json
import sys
from pathlib import Path

import torch
from torch.nn.functional import logsigmoid
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
CASES = ["qwen2-tied", "llama3-scaled"]
STEPS, TOKEN, BETA, KL = 6, 3, 0.3, 0.2
ADVANTAGES = [1.5, -0.5, -1.25, 0.25]


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()


def log_probabilities(model, batch):
    # of every token that carries loss: (rows, T), 0 elsewhere
    ids, labels = torch.tensor(batch["ids"]), torch.tensor(batch["labels"])[:, 1:]
    logs = torch.log_softmax(model(ids).logits[:, :-1], -1)
    return torch.gather(logs, 2, labels.clamp(min=0).unsqueeze(2)).squeeze(2) * (labels >= 0), (labels >= 0).float()


def bradley_terry(scores):
    ahead = scores[0::2] - scores[1::2]
    return -logsigmoid(ahead).mean(), (ahead > 0).float().mean()


def preferences(model, reference, batch):
    found, _ = log_probabilities(model, batch)
    with torch.no_grad():
        before, _ = log_probabilities(reference, batch)
    return bradley_terry(BETA * (found - before).sum(1))


def rewards(model, reference, batch):
    found, mask = log_probabilities(model, batch)
    with torch.no_grad():
        before, _ = log_probabilities(reference, batch)
    advantage = torch.tensor(ADVANTAGES).unsqueeze(1)
    divergence = torch.exp(before - found) - (before - found) - 1
    objective = torch.exp(found - found.detach()) * advantage - KL * divergence
    means = lambda x: ((x * mask).sum(1) / mask.sum(1)).mean()
    return -means(objective), means(divergence)


def ranking(model, reference, batch):
    return bradley_terry(model(torch.tensor(batch["ids"])).logits[:, -1, TOKEN])


def train(folder, batches, objective):
    model, reference = load(folder), load(folder)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.002, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    losses, norms, told = [], [], []
    for step in range(STEPS):
        loss, tells = objective(model, reference, batches[step % 2])
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        told.append(tells.item())
    with torch.no_grad():
        scores = model(torch.tensor(batches[0]["ids"])).logits[:, -1, TOKEN].tolist()
    return {"losses": losses, "norms": norms, "told": told, "scores": scores}


if __name__ == "__main__":
    golden, out = Path(sys.argv[1]), Path(sys.argv[2])
    cases = {}
    for name in CASES:
        batches = json.loads((golden / name / "golden.json").read_text())["batches"]
        cases[name] = {f.__name__: train(golden / name, batches, f) for f in (preferences, rewards, ranking)}
    numbers = {"token": TOKEN, "beta": BETA, "kl": KL, "advantages": ADVANTAGES, "rate": 0.002}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(numbers | {"cases": cases}, indent=1))
