"""Renders small templates with Jinja2, set up as transformers does: the expected values of jinja's TagsTest.

    tag_cases.py OUT

Needs jinja2 alone.
"""
import json, sys
from jinja2 import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

MESSAGES = [
    {"role": "user", "content": " What is a river? "},
    {"role": "assistant", "content": "Water\nthat flows."},
    {"role": "user", "content": "Say \"hi\" & <b>\u00e9</b>"},
]
PEOPLE = [{"name": "bob", "age": 3, "home": {"city": "Rome"}}, {"name": "Ann", "age": 30, "home": {"city": "oslo"}},
          {"name": "cid", "age": 3, "home": {"city": "Oslo"}}, {"name": "bob", "age": 1, "home": {}}]

TEMPLATES = {
  # tags
  "call": "{% macro turn(role) %}<{{ role }}>{{ caller() }}</{{ role }}>{% endmacro %}{% for m in messages %}{% call turn(m.role) %}[{{ m.content | trim }}]{% endcall %}{% endfor %}",
  "call with arguments": "{% macro each(items) %}{% for i in items %}{{ caller(loop.index, i, last=loop.last) }}{% endfor %}{% endmacro %}{% call(n, m, last=false, tail='!') each(messages) %}{{ n }}:{{ m.role }}{{ ';' if not last else tail }}{% endcall %}",
  "call sees its surroundings": "{% set x = 'outer' %}{% macro f() %}{% set x = 'inner' %}{{ caller() }}{{ x }}{% endmacro %}{% call f() %}{{ x }},{% endcall %}{{ x }}",
  "call in a call": "{% macro a() %}<a>{{ caller() }}</a>{% endmacro %}{% macro b() %}<b>{{ caller() }}</b>{% endmacro %}{% call a() %}{% call b() %}x{% endcall %}{% endcall %}",
  "caller or none": "{% macro f() %}{% if caller %}{{ caller() }}{% else %}none{% endif %}{% endmacro %}{{ f() }}{% call f() %}one{% endcall %}",
  "caller unused": "{% macro f() %}x{% endmacro %}{% call f() %}y{% endcall %}",
  "filter": "a{% filter upper %}b {{ messages[0].role }}{% endfilter %}c{% filter trim | replace('o', '0') %}  foo  {% endfilter %}|",
  "filter in a loop": "{% for m in messages %}{% filter upper %}{{ m.role }}{% if loop.first %},{% endif %}{% endfilter %}{% endfor %}",
  "with": "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% set c = 3 %}{% endwith %}{{ a }}{{ b is defined }}{{ c is defined }}",
  "with in a loop": "{% for m in messages %}{% with r = m.role %}{% if r == 'assistant' %}{% continue %}{% endif %}{{ r }}{% endwith %};{% endfor %}",
  "block": "{% block head %}<{{ bos_token }}>{% endblock %}{% block tail %}x{% endblock tail %}",
  "varargs": "{% macro f(a) %}{{ a }}|{{ varargs | join(',') }}|{{ kwargs | dictsort | map('join', '=') | join(' ') }}{% endmacro %}{{ f(1) }} {{ f(1, 2, 3) }} {{ f(1, b=2, c=3) }}",
  "too many arguments": "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}",
  "unknown argument": "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, b=2) }}",
  "star": "{% macro f(a, b, c=9) %}{{ a }}-{{ b }}-{{ c }}{% endmacro %}{% set xs = [1, 2] %}{{ f(*xs) }} {{ f(0, *[5]) }} {{ f(**{'b': 7, 'a': 6}) }} {{ f(*xs, **{'c': 3}) }} {{ f(1, b=4, **{'c': 2}) }}",
  "star of a function": "{{ range(*[1, 7, 2]) | list }} {{ dict(**{'a': 1}) }} {{ 'a,b,c'.split(*[',', 1]) }} {{ 'axb' | replace(*['x', '-']) }}",
  "macro passes on": "{% macro inner(a, b='-') %}{{ a }}{{ b }}{% endmacro %}{% macro outer() %}{{ inner(*varargs, **kwargs) }}{% endmacro %}{{ outer(1) }} {{ outer(1, 2) }} {{ outer(1, b=3) }}",
  "joiner": "{% set comma = joiner(', ') %}{% for m in messages %}{{ comma() }}{{ m.role }}{% endfor %}{% set bar = joiner() %}{{ bar() }}{{ bar() }}",
  # filters
  "dictsort": "{{ {'b': 2, 'A': 1, 'a': 3} | dictsort | map('join', '=') | join(' ') }}; {{ {'b': 2, 'A': 1, 'a': 3} | dictsort(true) | map('join', '=') | join(' ') }}; {{ {'b': 2, 'A': 1, 'a': 3} | dictsort(false, 'value') | map('join', '=') | join(' ') }}; {{ {'b': 'x', 'a': 'Y'} | dictsort(by='value', reverse=true) | map('join', '=') | join(' ') }}; {{ {'b': 2, 'A': 1} | dictsort(reverse=true) | map('join', '=') | join(' ') }}; {{ {'b': 'y', 'A': 'X', 'c': 'x'} | dictsort(case_sensitive=true, by='value') | map('join', '=') | join(' ') }}",
  "dictsort by nothing": "{{ {'b': 2} | dictsort(by='size') }}",
  "sort": "{{ ['b', 'A', 'c', 'B'] | sort }} {{ ['b', 'A', 'c', 'B'] | sort(case_sensitive=true) }} {{ ['b', 'A'] | sort(true) }} {{ people | sort(attribute='age') | map(attribute='name') | list }} {{ people | sort(attribute='age,name') | map(attribute='name') | join(' ') }}",
  "unique": "{{ ['b', 'B', 'a', 'b'] | unique | list }} {{ ['b', 'B', 'b'] | unique(true) | list }} {{ people | unique(attribute='name') | map(attribute='age') | list }} {{ [3, 1, 3] | unique | list }}",
  "extremes": "{{ ['b', 'A'] | min }} {{ ['b', 'A', 'C'] | max }} {{ ['b', 'A'] | max(true) }} {{ (people | max(attribute='age')).name }} {{ (people | min(attribute='age')).name }} [{{ [] | min }}] {{ [2, 1] | min }}",
  "groupby": "{% for age, items in people | groupby('age') %}{{ age }}:{{ items | map(attribute='name') | join(',') }};{% endfor %}{% for city, items in people | groupby('home.city', default='-') %}{{ city }}{{ items | length }};{% endfor %}{% for name, items in people | groupby('name', case_sensitive=true) %}{{ name }}{{ items | length }};{% endfor %}",
  "sum": "{{ people | sum(attribute='age') }} {{ [1, 2] | sum(start=10) }} {{ [] | sum }}",
  "batch and slice": "{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3, 4, 5] | batch(2, '-') | list }} {{ [1, 2, 3, 4, 5] | slice(3) | list }} {{ [1, 2, 3, 4] | slice(3, '-') | list }}",
  "round": "{{ 2.5 | round }} {{ 2.567 | round(2) }} {{ 2.1 | round(0, 'ceil') }} {{ 2.19 | round(1, 'floor') }} {{ 7 | round }}",
  "int": "{{ 'ff' | int(0, 16) }} {{ '0x1f' | int(base=16) }} {{ '101' | int(base=2) }} {{ 'x' | int(5) }} {{ '3.9' | int }}",
  "center": "[{{ 'ab' | center(7) }}][{{ 'abc' | center(8) }}][{{ 'abcd' | center(2) }}][{{ 'ab' | center(5) }}][{{ 'a' | center(4) }}]",
  "format": "{{ '%s is %d' | format('x', 3) }} {{ '%(a)s-%(b)s' | format(a=1, b='y') }} {{ '%05.1f|%-4s|%4s|%03d|%%' | format(2.25, 'a', 'b', 7) }}",
  "striptags": "{{ '<p>a  <b>b</b>\n c<!-- <i>no</i> --> &amp;</p> 1 < 2' | striptags }}",
  "truncate": "{{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, true) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(11, false, '...', 0) }} {{ 'foobarbazqux' | truncate(6, end='~', leeway=0) }}",
  "urlencode": "{{ 'a b/c?d=\u00e9&e~_.-' | urlencode }}",
  "wordcount": "{{ 'Say \"hi\", it\\'s \u00e9t\u00e9 2' | wordcount }} {{ '' | wordcount }}",
  "forceescape": "{{ '<a>' | forceescape }}",
  "attr": "[{{ messages[0] | attr('nothing') }}]",
  # a tool description as long ones are written
  "tools by macro": "{%- macro type(spec) %}{%- if spec.type == 'array' %}{{- 'List[' ~ type(spec['items']) ~ ']' }}{%- elif spec.type is string %}{{- {'string': 'str', 'integer': 'int'}.get(spec.type, 'Any') }}{%- else %}{{- 'Any' }}{%- endif %}{%- endmacro %}{%- for t in functions %}def {{ t.name }}({% for name, spec in t.parameters.properties | dictsort %}{{ name }}: {{ type(spec) }}{% if name not in t.parameters.required %} = None{% endif %}{% if not loop.last %}, {% endif %}{% endfor %})\n{% filter indent(4, first=true) %}{{ t.description }}\nReturns: {{ type(t.returns | default({})) }}{% endfilter %}\n{% endfor %}",
}
VARIABLES = {"messages": MESSAGES, "people": PEOPLE, "bos_token": "<BOS>", "functions": [
    {"name": "weather", "description": "Tells the weather.\nSlow.", "returns": {"type": "string"}, "parameters": {"required": ["city"], "properties": {"days": {"type": "array", "items": {"type": "integer"}}, "City": {"type": "number"}, "city": {"type": "string"}}}}]}

environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
cases = []
for name, text in TEMPLATES.items():
    case = {"name": name, "template": text}
    try:
        case["expected"] = environment.from_string(text).render(**VARIABLES)
    except (TemplateError, TypeError) as e:
        case["error"] = str(e)
    cases.append(case)
json.dump({"variables": VARIABLES, "cases": cases}, open(sys.argv[1], "w"), ensure_ascii=False, indent=1)
print(len(cases))
