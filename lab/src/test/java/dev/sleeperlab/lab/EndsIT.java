package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever moment it is: a lab that is asked to end ends with the documented exit code, leaves no
 * file in the user's folder and no child behind. The campaign: {@code -Dends.trials=200}, and
 * another {@code -Dends.seed}.
 */
class EndsIT {
  private static final int TRIALS = Integer.getInteger("ends.trials", 4);
  private static final long SEED = Long.getLong("ends.seed", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder = Path.of("");

  /**
   * A way to end.
   *
   * @param signal what is sent
   * @param toAll to broker and registry as well, as a terminal does
   * @param times how often
   * @param code the exit code
   */
  private record Way(String signal, boolean toAll, int times, int code) {
    static final List<Way> ALL =
        List.of(
            new Way("-TERM", false, 1, 143),
            new Way("-INT", true, 2, 130),
            new Way("-TERM", true, 1, 143),
            new Way("-INT", true, 1, 130));
  }

  @Test
  void endsCleanlyAtAnyMoment() throws Exception {
    Map<Integer, Integer> codes = new LinkedHashMap<>();
    LongSummaryStatistics moments = new LongSummaryStatistics();
    for (int trial = 0; trial < TRIALS; trial++) {
      SplittableRandom random = new SplittableRandom(SEED * 1_000_003 + trial);
      Way way = Way.ALL.get(trial % Way.ALL.size());
      // What is started, and how far, follows one another in seconds: half of them in the first.
      long moment = random.nextInt(100, random.nextBoolean() ? 1_000 : 9_000);
      String command = random.nextBoolean() ? "up" : "run";
      String what = "seed " + SEED + ", trial " + trial + ": " + way + ", " + command;
      endsCleanly(what + " after " + moment + " ms", command, way, moment, random);
      codes.merge(way.code(), 1, Integer::sum);
      moments.accept(moment);
    }
    System.out.printf(
        "ended as documented, exit code=times: %s; moments in ms: %s%n", codes, moments);
  }

  private void endsCleanly(
      String what, String command, Way way, long moment, SplittableRandom random) throws Exception {
    // Given
    Path users = Files.createTempDirectory(folder, "user");
    Path data = Files.createTempDirectory(folder, "data");
    Path said = Files.createTempFile(folder, "said", "");
    Process process = start(command, users, data, said);
    assertThat(process.waitFor(moment, TimeUnit.MILLISECONDS)).as(what).isFalse();
    List<ProcessHandle> children = process.descendants().toList();

    // When
    signal(process, way);
    for (int again = 1; again < way.times(); again++) {
      if (!process.waitFor(600 + random.nextInt(400), TimeUnit.MILLISECONDS)) {
        signal(process, way);
      }
    }

    // Then
    assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).as(what).isTrue();
    String text = Files.readString(said);
    assertThat(process.exitValue()).as("%s: %s", what, text).isEqualTo(way.code());
    assertThat(users).as("%s: %s", what, text).isEmptyDirectory();
    assertThat(text).as(what).doesNotContain("internal error", "Exception", "\tat ", "SIGSEGV");
    for (ProcessHandle child : children) {
      assertThat(child.onExit()).as("%s: %s", what, child.info()).succeedsWithin(PATIENCE);
    }
    assertThat(onFolder(data)).as(what).isEmpty();
  }

  private static Process start(String command, Path users, Path data, Path said)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command));
    if (command.equals("run")) {
      arguments.add(Path.of("..", "experiments", "quickstart.yaml").toRealPath().toString());
    }
    arguments.addAll(List.of("--data", data.toString()));
    return new ProcessBuilder(JavaProcess.command(Sleeper.class, arguments))
        .directory(users.toFile())
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private static void signal(Process process, Way way) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", way.signal()));
    if (way.toAll()) {
      process.descendants().forEach(child -> command.add(Long.toString(child.pid())));
    }
    command.add(Long.toString(process.pid()));
    new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  /** Processes whose command lines name a folder, once those that are ending have had a moment. */
  private static List<String> onFolder(Path data) throws InterruptedException {
    List<ProcessHandle> left;
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      left =
          all.filter(one -> one.info().commandLine().orElse("").contains(data.toString())).toList();
    }
    List<String> lasting = new ArrayList<>();
    for (ProcessHandle one : left) {
      try {
        one.onExit().get(30, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException
          | java.util.concurrent.TimeoutException stays) {
        lasting.add(one.info().commandLine().orElse(""));
      }
    }
    return lasting;
  }
}
