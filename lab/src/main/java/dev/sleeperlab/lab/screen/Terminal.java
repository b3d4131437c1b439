package dev.sleeperlab.lab.screen;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/**
 * Where output goes and what it can show there.
 *
 * @param out results
 * @param err messages and progress
 * @param outIsTerminal whether {@code out} is a screen
 * @param errIsTerminal whether {@code err} is a screen
 * @param columns width of the screen in characters
 * @param rows height of the screen in lines
 * @param colour whether colours are wanted where a screen is
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int columns,
    int rows,
    boolean colour) {

  /**
   * This process's terminal. The start script says in {@code sleeper.terminal.*}, {@code
   * sleeper.columns} and {@code sleeper.rows} what it found; {@code NO_COLOR} and {@code TERM=dumb}
   * are heeded.
   */
  public static Terminal ofProcess(Properties properties, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    return new Terminal(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        !dumb && Boolean.parseBoolean(properties.getProperty("sleeper.terminal.out")),
        !dumb && Boolean.parseBoolean(properties.getProperty("sleeper.terminal.err")),
        size(properties.getProperty("sleeper.columns", ""), 40, 100),
        size(properties.getProperty("sleeper.rows", ""), 5, 24),
        environment.getOrDefault("NO_COLOR", "").isEmpty());
  }

  /** Output that goes somewhere else than to a screen. */
  public static Terminal plain(PrintStream out, PrintStream err) {
    return new Terminal(out, err, false, false, 100, 24, false);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static int size(String text, int least, int defaultValue) {
    try {
      return Math.max(least, Integer.parseInt(text.trim()));
    } catch (NumberFormatException e) {
      return defaultValue; // not known: no terminal, or a start without the script
    }
  }
}
