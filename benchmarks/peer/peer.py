"""The other side of ModelBenchmark: PyTorch, transformers, peft. A line of JSON in, a line of JSON out."""
import json
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

torch.set_num_threads(int(sys.argv[1]))


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def padded(examples):
    """As transformers' collators do: to the longest of the batch, on the right; no mask if nothing is padded."""
    longest = max(len(e["tokens"]) for e in examples)
    ids = torch.zeros(len(examples), longest, dtype=torch.long)
    mask = torch.zeros(len(examples), longest, dtype=torch.long)
    labels = torch.full((len(examples), longest), -100, dtype=torch.long)
    for row, e in enumerate(examples):
        n = len(e["tokens"])
        ids[row, :n] = torch.tensor(e["tokens"])
        mask[row, :n] = 1
        labels[row, :n] = torch.where(torch.tensor(e["answer"]), ids[row, :n], -100)
    return {"input_ids": ids, "labels": labels} | ({} if bool(mask.all()) else {"attention_mask": mask})


class Training:
    def __init__(self, folder, method, examples, batch):
        self.model = load(folder)
        if method.startswith("LoRA"):
            from peft import LoraConfig, get_peft_model
            targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
            self.model = get_peft_model(self.model, LoraConfig(r=8, lora_alpha=16, lora_dropout=0.0, target_modules=targets))
        self.model.train()
        self.bf16 = "bf16" in method
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-4, weight_decay=0.01, fused=True)
        with open(examples) as f:
            self.examples = json.load(f)
        self.batch = batch

    def train(self, steps):
        first = None
        for step in range(steps):
            at = step * self.batch % len(self.examples)
            batch = padded(self.examples[at : at + self.batch])
            with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
                loss = self.model(**batch).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
            value = loss.item()
            first = value if first is None else first
        return first


class Generating:
    def __init__(self, folder, prompts):
        self.model = load(folder).eval()
        with open(prompts) as f:
            self.prompts = json.load(f)
        eos = self.model.generation_config.eos_token_id
        self.eos = eos if isinstance(eos, list) else [eos]

    def run(self, tokens, batch):
        order = sorted(range(len(self.prompts)), key=lambda i: len(self.prompts[i]))  # so that little is padded
        texts = [None] * len(order)
        for at in range(0, len(order), batch):
            rows = order[at : at + batch]
            part = [self.prompts[i] for i in rows]
            longest = max(map(len, part))
            ids = torch.zeros(len(part), longest, dtype=torch.long)
            mask = torch.zeros(len(part), longest, dtype=torch.long)
            for row, prompt in enumerate(part):
                ids[row, longest - len(prompt) :] = torch.tensor(prompt)
                mask[row, longest - len(prompt) :] = 1
            with torch.inference_mode():
                out = self.model.generate(input_ids=ids, attention_mask=mask, do_sample=False, max_new_tokens=tokens, pad_token_id=0)
            for i, row in zip(rows, out[:, longest:].tolist()):
                texts[i] = self.ended(row)
        return texts

    def ended(self, ids):
        ends = [i for i, t in enumerate(ids) if t in self.eos]
        return ids[: ends[0] + 1] if ends else ids


transformers.utils.logging.disable_progress_bar()
state = None
for line in sys.stdin:
    command = json.loads(line)
    what = command.pop("do")
    answer = {}
    if what == "start training":
        state = None
        state = Training(**command)
    elif what == "start generating":
        state = None
        state = Generating(**command)
    elif what == "train":
        start = time.perf_counter()
        answer["loss"] = state.train(**command)
        answer["seconds"] = time.perf_counter() - start
    elif what == "generate":
        start = time.perf_counter()
        answer["texts"] = state.run(**command)
        answer["seconds"] = time.perf_counter() - start
    else:
        raise ValueError(what)
    print(json.dumps(answer), flush=True)
